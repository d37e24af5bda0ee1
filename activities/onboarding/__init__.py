"""Effects of the wizard's steps and of deadlines."""
