"""Writes of routes: through a workflow, or once in a transaction."""
