"""Effects of contracts, codes, signatures and certificates."""
