"""Rules shared by all subjects: refusals, crypto, money, phones, text, search, pace."""
