"""Writes to a client: commands, outcomes and the step that all effects use."""
