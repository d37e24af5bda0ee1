"""Telegram bots and Avito accounts."""
