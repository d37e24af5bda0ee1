"""Measurements as ratios to a floor in the same run; not part of the tests."""
