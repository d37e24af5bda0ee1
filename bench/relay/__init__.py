"""Conversations measured on the stand-ins for Telegram and Avito, beside relays that others build from a queue."""
