"""Effects: one class per family, dependencies in `__init__`, every method idempotent."""
