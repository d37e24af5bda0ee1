"""Read models of onboarding: state, card, list, history."""
