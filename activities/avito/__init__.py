"""Avito accounts in use: tokens, pace, verdicts on keys."""
