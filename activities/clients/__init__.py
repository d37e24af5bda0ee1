"""Writes to a client: the command, its outcome and the step that every effect works in."""
