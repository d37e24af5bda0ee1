"""What the staff of an organisation call: conversations, and the bots and Avito accounts that carry them."""
