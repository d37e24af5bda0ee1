"""Rules of signing in: passwords, sessions, Telegram Login."""
