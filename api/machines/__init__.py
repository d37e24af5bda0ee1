"""Objects that the API builds once and hands to its routes."""
