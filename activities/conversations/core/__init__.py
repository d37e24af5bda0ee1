"""What all activities of a conversation share: its rows and its standing."""
