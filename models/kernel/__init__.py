"""Engine, columns and tables shared by all subjects."""
