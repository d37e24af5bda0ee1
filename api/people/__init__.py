"""Signing in, sessions and organisations of staff."""
