"""The process of one delivery, and the sweep that starts what was left."""
