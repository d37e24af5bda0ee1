"""Notices in the client's and the manager's support chats."""
