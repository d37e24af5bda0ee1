"""Rules of invoices."""
