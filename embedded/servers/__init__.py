"""The servers that `make up` and the tests start: PostgreSQL, Temporal, object store, sandbox."""
