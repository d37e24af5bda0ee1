"""Contracts, one-time codes and accessions to the signature agreement."""
