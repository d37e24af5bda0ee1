"""What the clients' own app calls."""
