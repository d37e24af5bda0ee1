"""Adoption of rows without a workflow, and upkeep."""
