"""Activities of a conversation: show, answer, auto-reply, remind."""
