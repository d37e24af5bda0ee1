"""The Avito Messenger API."""
