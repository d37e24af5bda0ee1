"""Shared by all activities of a conversation: messages to the workflow, working copy, standing."""
