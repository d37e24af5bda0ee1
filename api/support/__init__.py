"""Routes of support chats for managers."""
