"""Tables of deliveries and of the attempts by their channels."""
