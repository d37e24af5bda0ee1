"""Effects of invoices and payments."""
