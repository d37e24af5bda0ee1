"""`make demo`: onboardings with invented clients over HTTP."""
