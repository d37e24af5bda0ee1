"""Photos, stickers and voice messages."""
