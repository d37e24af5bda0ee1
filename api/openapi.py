"""The OpenAPI document, complete: what every operation can answer beside what its route names."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import Problem, described

REF = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Make the document once, when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(get_openapi(title=app.title, version=app.version, routes=app.routes))
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the documented way to extend it


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
    """What can happen to any request: values that are wrong, a body above the limit, something that is away."""
    answers = operation["responses"]
    named = answers.get("422", {}).get("content", {})
    if "application/problem+json" not in named and (operation.get("parameters") or operation.get("requestBody")):
        answers["422"] = described(422, "invalid-value")
    if operation.get("requestBody"):
        answers.setdefault("413", described(413, "too-large"))
    answers.setdefault("503", described(503, "unavailable"))
