"""One thin class for each system outside of ours."""
