"""Rules that no subject owns: refusals, crypto, money, phones, text, search, pace."""
