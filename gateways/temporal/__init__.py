"""Temporal: connection, payload encryption and conversion."""
