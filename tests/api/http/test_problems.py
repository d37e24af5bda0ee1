"""Problem documents: every refusal has its status, and nothing but a Russian sentence goes out."""

import ast
import json
from collections import Counter
from collections.abc import Iterable

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.exc import DBAPIError

from api.http import observability, problems
from domain.kernel.refusal import InvalidValue, Refusal, TooManyRequests, Unavailable, revived
from domain.people.refusals import CodeLocked, WrongCode
from gateways.storage.client import StorageUnavailable
from tests.api.onboarding_steps import at
from tests.api.shared_api import Staff
from tests.test_architecture import PRODUCT

STANDARD = {"type", "title", "status", "detail", "instance", "code"}


def refusals() -> list[type[Refusal]]:
    """Every kind, also those that share a code."""
    found, waiting = [], [Refusal]
    while waiting:
        kind = waiting.pop()
        found += [kind] if kind.__name__ != "RevivedRefusal" else []
        waiting += kind.__subclasses__()
    return found


def made(sources: Iterable[str]) -> set[str]:
    """Names that are called somewhere."""
    calls = (node.func for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {called.id for called in calls if isinstance(called, ast.Name)}


def test_every_refusal_has_a_status_a_title_and_a_code_of_its_own() -> None:
    assert all(400 <= kind.status < 600 and kind.title for kind in refusals())
    assert {
        code: count
        for code, count in Counter(kind.code for kind in refusals() if "code" in vars(kind)).items()
        if count > 1
    } == {}


def test_every_refusal_that_there_is_is_made_somewhere() -> None:
    names = {kind.__name__ for kind in refusals() if kind is not Refusal and "code" in vars(kind)}
    assert names == names & made(file.read_text() for file in PRODUCT)


def test_a_refusal_that_nothing_makes_is_found() -> None:
    source = "class Needless(Refusal):\n    code = 'needless'\n\n\nraise NotFound('x')"
    assert made([source]) == {"NotFound"}


def test_a_refusal_that_came_back_keeps_its_status() -> None:
    again = revived("otp-locked", "Код заблокирован.", {"retry_after": 5})
    assert (again.code, again.status, again.title) == ("otp-locked", CodeLocked.status, CodeLocked.title)
    assert revived("of-a-later-release", "Нельзя.", {}).status == 409


class Broken(Exception):
    """A database error as the driver words it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("Key (phone)=(9001234567) already exists")
        self.sqlstate = sqlstate


def database_error(sqlstate: str) -> DBAPIError:
    return DBAPIError("INSERT …", {"phone": "9001234567"}, Broken(sqlstate))


async def answer_to(error: Exception) -> tuple[int, dict[str, object], dict[str, str]]:
    app = FastAPI()
    problems.install(app)
    observability.install(app)

    @app.get("/fails")
    async def fails() -> None:
        raise error

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        answer = await http.get("/fails")
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= STANDARD
    assert (body["status"], body["instance"]) == (answer.status_code, "/fails")
    assert isinstance(body["detail"], str)
    return answer.status_code, body, dict(answer.headers)


async def test_a_refusal_says_its_sentence_and_its_details() -> None:
    status, body, _ = await answer_to(WrongCode("Код не подходит.", tries_left=3))
    assert (status, body["code"], body["detail"], body["tries_left"]) == (400, "otp-invalid", "Код не подходит.", 3)
    assert body["type"] == "urn:privet:problem:otp-invalid"


async def test_details_cannot_shadow_what_every_problem_has() -> None:
    _, body, _ = await answer_to(WrongCode("Код не подходит.", status=200, code="fine"))
    assert (body["status"], body["code"]) == (400, "otp-invalid")


async def test_a_422_always_says_where() -> None:
    _, body, _ = await answer_to(InvalidValue("Не то."))
    assert body["errors"] == [{"loc": ["body"], "msg": "Не то."}]


@pytest.mark.parametrize(
    ("error", "seconds"), [(TooManyRequests("Хватит.", retry_after=17), "17"), (Unavailable(retry_after=3), "3")]
)
async def test_what_may_be_asked_again_says_when(error: Refusal, seconds: str) -> None:
    _, _, headers = await answer_to(error)
    assert headers["retry-after"] == seconds


@pytest.mark.parametrize(
    "error",
    [
        StorageUnavailable("gone"),
        ConnectionRefusedError("gone"),
        TimeoutError(),
        database_error("08006"),
        database_error("57P01"),
        database_error("53300"),
        database_error("40001"),
    ],
)
async def test_what_is_away_is_503_and_worth_another_try(error: Exception) -> None:
    status, body, headers = await answer_to(error)
    assert (status, body["code"]) == (503, "unavailable")
    assert "retry-after" in headers


@pytest.mark.parametrize("error", [RuntimeError("9001234567"), KeyError("9001234567"), database_error("23505")])
async def test_a_bug_is_a_500_with_a_number_and_nothing_else(error: Exception) -> None:
    status, body, headers = await answer_to(error)
    assert (status, body["code"]) == (500, "internal")
    assert body["trace_id"] == headers["x-request-id"]
    assert "9001234567" not in json.dumps(body)


async def test_an_address_that_is_none_and_a_method_that_is_none_are_problems_too(anna: Staff) -> None:
    nowhere = await anna.http.get("/api/manager/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not-found")
    never = await anna.http.put("/api/manager/tariffs")
    assert (never.status_code, never.json()["code"]) == (405, "method-not-allowed")
    assert never.headers["allow"] == "GET"


async def test_wrong_values_are_told_in_russian_and_never_repeated(anna: Staff) -> None:
    client = await anna.client()
    answer = await anna.http.post(at(client, "/devices"), json={"device_type": 5, "title": "x" * 300})
    body = answer.json()
    assert answer.status_code == 422
    assert body["detail"] == "Проверьте поля: device_type, title."
    assert body["errors"] == [
        {"loc": ["body", "device_type"], "msg": "Ожидается текст."},
        {"loc": ["body", "title"], "msg": "Не больше 200 знаков."},
    ]
    assert "xxx" not in answer.text


async def test_every_answer_forbids_sniffing_framing_and_keeping(anna: Staff) -> None:
    for path in ("/api/manager/tariffs", "/api/manager/nowhere", "/docs", "/openapi.json"):
        headers = (await anna.http.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
