"""Measures the relay of messages in the sandbox, compared with relays built on a queue."""
