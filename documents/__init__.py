"""Rendering of contracts, certificates, seals and media from plain data, without database or clock."""
