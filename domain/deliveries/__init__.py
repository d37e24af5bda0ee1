"""What leaves the house to a person: channels, order, outcomes."""
