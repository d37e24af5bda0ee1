"""Contract, certificate and agreement as PDF."""
