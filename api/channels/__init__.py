"""Routes of bots and Avito accounts, and the webhooks of both services."""
