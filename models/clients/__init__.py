"""The card of a client and what belongs to it."""
