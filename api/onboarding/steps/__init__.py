"""Routes of the wizard, one file per step."""
