"""Pure rules: no I/O; time, zone and chance come in as arguments."""
