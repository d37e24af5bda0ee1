"""Objects that the API builds once and passes to its routes."""
