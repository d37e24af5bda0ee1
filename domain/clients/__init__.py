"""Rules of the client's card."""
