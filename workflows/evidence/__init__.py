"""The daily anchor as a process."""
