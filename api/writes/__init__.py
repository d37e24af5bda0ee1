"""How routes write: through a workflow, or once in a transaction."""
