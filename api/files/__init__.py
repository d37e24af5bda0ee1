"""Uploads and photos."""
