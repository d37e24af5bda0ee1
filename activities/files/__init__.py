"""Uploads and the checks of uploaded photos."""
