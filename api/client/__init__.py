"""Routes of the clients' app."""
