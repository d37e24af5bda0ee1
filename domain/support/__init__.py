"""Rules of the support chat."""
