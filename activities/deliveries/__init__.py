"""Deliveries to a person: queued with the write that causes them, sent by channels in order."""
