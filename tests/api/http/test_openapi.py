"""The OpenAPI document names every operation once and every way in which it can end."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.onboarding.history import TITLES
from tests.api.onboarding_steps import good
from tests.api.shared_api import SharedApi

CHECKOUT = Path(__file__).parents[3]
RECORDED = re.compile(r"""(?:\.record\(|Event\.add\([^)]*?)\s*[^"]*?"([a-z]+(?:-[a-z]+)+)\"""")


@pytest.fixture
async def document(shared_api: SharedApi) -> dict[str, Any]:
    async with shared_api.http() as http:
        whole: dict[str, Any] = good(await http.get("/openapi.json"))
    return whole


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, verb, operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        if path.startswith("/api/")
    ]


async def test_every_operation_has_a_name_of_its_own_and_stands_under_one_prefix(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names)) > 40
    assert not any(path.startswith("/api/master") for path in document["paths"])


async def test_every_operation_names_its_errors_as_problems(document: dict[str, Any]) -> None:
    for path, verb, operation in operations(document):
        answers = operation["responses"]
        errors = {status: answer for status, answer in answers.items() if status >= "400"}
        assert "503" in errors, (verb, path)
        for answer in errors.values():
            assert list(answer["content"]) == ["application/problem+json"], (verb, path)
        if operation.get("security"):
            assert "401" in errors, (verb, path)
        if operation.get("requestBody"):
            assert {"413", "422"} <= errors.keys(), (verb, path)
        if path.startswith("/api/manager/") and not path.endswith("/auth/login"):
            assert {"401", "403"} <= errors.keys(), (verb, path)


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/([\w-]+)", str(document)))
    assert named <= schemas.keys()
    assert "HTTPValidationError" not in schemas


async def test_the_page_of_the_document_asks_nobody_else(shared_api: SharedApi) -> None:
    async with shared_api.http() as http:
        page = await http.get("/docs")
    assert page.status_code == 200
    assert re.findall(r"https?://", page.text) == []
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_every_verb_of_the_trail_has_a_title() -> None:
    sources = [file.read_text() for folder in ("activities", "api") for file in (CHECKOUT / folder).rglob("*.py")]
    verbs = {verb for source in sources for verb in RECORDED.findall(source)}
    assert len(verbs) > 20
    assert verbs <= TITLES.keys()
