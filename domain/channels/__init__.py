"""Refusals of bots and Avito accounts."""
