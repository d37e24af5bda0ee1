"""One Avito chat with its topic."""
