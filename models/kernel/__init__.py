"""Engine, columns and tables that no subject owns."""
