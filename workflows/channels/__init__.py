"""One Avito account, one Telegram bot."""
