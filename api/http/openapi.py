"""The OpenAPI document, completed with the answers common to all operations."""

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.problems import Problem, described

REF = "#/components/schemas/{model}"

PUBLISHED: Final[Mapping[str, str]] = {
    "api__conversations__shapes__MessageView": "api__staff__shapes__MessageView",
    "api__support__messages__MessageView": "api__client__support__MessageView",
    "ClientStatus": "Status",
    "WizardStep": "Step",
}
"""Component names that generated clients use, for classes whose name or module differs."""


def install(app: FastAPI) -> None:
    """Generate the document once, at its first request."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes)
            app.openapi_schema = _complete(_published(document))
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the documented way to extend it


def _published(document: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(document)
    for name, published in PUBLISHED.items():
        # A component name is a key, the end of references, and a title.
        for before in ('"', "/"):
            text = text.replace(f'{before}{name}"', f'{before}{published}"')
    renamed: dict[str, Any] = json.loads(text)
    return renamed


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template=REF)
    schemas.update(problem.pop("$defs", {}), Problem=problem)
    for path, operations in document["paths"].items():
        if path.startswith("/api/"):
            for operation in operations.values():
                _answers(operation)
    return document


def _answers(operation: dict[str, Any]) -> None:
    """Add answers common to operations: invalid values, a body above the limit, an unavailable server."""
    answers = operation["responses"]
    named = answers.get("422", {}).get("content", {})
    if "application/problem+json" not in named and (operation.get("parameters") or operation.get("requestBody")):
        answers["422"] = described(422, "invalid-value")
    if operation.get("requestBody"):
        answers.setdefault("413", described(413, "too-large"))
    answers.setdefault("503", described(503, "unavailable"))
