"""The worker process: composition root, schedules, and commands for operators."""
