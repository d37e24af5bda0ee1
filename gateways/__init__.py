"""One thin client for each outside system."""
