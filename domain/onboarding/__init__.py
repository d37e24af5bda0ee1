"""Rules of the onboarding process: steps, deadlines, passport, tariff."""
