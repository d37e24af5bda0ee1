"""HTTP machinery: problems, shapes, fields, paging, OpenAPI."""
