"""Composition root of the API: one file of routes per noun, one writer of problems."""
