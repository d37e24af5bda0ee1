"""Figures and summary."""
