"""Queues, policies, timers and starting: what all workflows share."""
