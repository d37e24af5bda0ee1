"""Dialogs, messages and what is claimed while they are shown and sent."""
