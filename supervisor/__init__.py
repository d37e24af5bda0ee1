"""Runs child processes in stages, restarts those that die, and ends all of them in reverse order."""
