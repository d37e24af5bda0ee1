"""Workflow of one Avito chat with its topic."""
