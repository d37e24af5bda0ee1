"""Queues, policies, timers and start options of all workflows."""
