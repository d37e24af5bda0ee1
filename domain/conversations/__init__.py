"""Rules of Avito conversations: contents, limits, auto-replies, working hours."""
