"""The chat on Avito: reading it and sending to it."""
