"""The topic in Telegram: showing messages, and what staff write there."""
