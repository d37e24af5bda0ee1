"""Keeping bots and accounts: webhooks, sweeps, requests to bots."""
