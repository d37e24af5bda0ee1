"""Jobs that Schedules start."""
