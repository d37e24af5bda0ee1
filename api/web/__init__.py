"""Pages: the managers' app, the public check, the codec of the Temporal Web UI."""
