"""Avito's Messenger API as it is published: accounts, chats, messages, tokens, media and webhooks, all in memory."""
