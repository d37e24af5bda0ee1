"""Evidence against ourselves: the daily anchor of all trails, and proofs of what it covers."""
