"""Pure rules: no I/O; time, zone and randomness are arguments."""
