"""Rules of Avito conversations: what is relayed, limits, auto-replies, working hours."""
