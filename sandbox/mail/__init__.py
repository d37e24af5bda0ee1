"""A mail server that keeps what it is given, and the mailbox that shows it."""
