"""The HTTP API: composition root, routes per subject, and shared machinery."""
