"""The transaction of a write, its command, and rate limits."""
