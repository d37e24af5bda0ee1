"""Temporal workflows: order of effects, waiting and timers; one package per subject."""
