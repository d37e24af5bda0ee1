"""The transaction that every write of a process shares."""
