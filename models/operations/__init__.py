"""Figures, summary and upkeep."""
