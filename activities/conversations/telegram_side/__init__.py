"""The topic in Telegram: showing messages, and reading those of staff."""
