"""Regular work on contracts."""
