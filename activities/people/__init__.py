"""Effects on accounts, sessions and organisations: signing in, links, settings."""
