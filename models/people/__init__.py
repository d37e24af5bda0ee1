"""Staff, organisations, clients' accounts and their sessions."""
