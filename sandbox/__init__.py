"""Stand-ins for the Telegram Bot API and the Avito Messenger API; nothing of the product is imported here."""
