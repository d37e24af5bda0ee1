"""Frozen data in, bytes out: contracts, certificates, seals and photos; nothing here reads a database or a clock."""
