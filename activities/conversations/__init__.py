"""The four activities of a conversation: show, answer, auto-reply, remind."""
