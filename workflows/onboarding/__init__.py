"""The onboarding of one client."""
