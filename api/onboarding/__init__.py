"""The managers' routes: clients, cards, contracts."""
