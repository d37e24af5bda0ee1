"""`make up`: PostgreSQL, Temporal, the object store, workers and API as supervised child processes."""
