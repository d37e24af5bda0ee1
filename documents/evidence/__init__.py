"""The bundle of evidence for an expert: one file that says all, and covers each of its bytes."""
