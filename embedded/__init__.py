"""`make up`: PostgreSQL, Temporal, an object store, workers, API and app as child processes of one supervisor."""
