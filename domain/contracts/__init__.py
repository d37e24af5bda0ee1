"""Rules of contracts: snapshot and number, one-time codes, the simple electronic signature."""
