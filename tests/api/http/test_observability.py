"""Log lines tell operators what happened, and nobody who it was or what he wrote."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from fastapi import FastAPI, Request

import logs
from api.http import observability
from domain.kernel.refusal import WrongStep
from embedded.stack import Stack
from tests.api.own_api import OwnApi, Person, open_api, settings_of, starting_now
from tests.factories import make_manager, make_user

MARK = "Меченыйклиент"
PHONE = "9165557788"
LINE = {"time", "level", "logger", "message", "request_id", "method", "route", "status", "ms", "caller", "caller_id"}


@pytest.fixture
async def own_api(stack: Stack, database_url: str) -> AsyncIterator[OwnApi]:
    async with open_api(settings_of(stack, DATABASE_URL=database_url), starting_now()) as opened:
        yield opened


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Everything that any logger writes, as the entry points set it up, at its most talkative."""
    root, stream = logging.getLogger(), StringIO()
    before = root.handlers[:], root.level
    logs.set_up(logging.DEBUG, stream)
    yield stream
    root.handlers[:], root.level = before


def lines(written: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def requests(written: StringIO) -> list[dict[str, Any]]:
    return [line for line in lines(written) if line["logger"] == "privet.requests"]


async def test_nothing_that_a_person_sends_is_in_any_log_line(own_api: OwnApi, written: StringIO) -> None:
    person = Person(own_api.visitor())
    body = {
        "phone": PHONE,
        "password": f"{MARK}-зелёный чайник",
        "name": MARK,
        "email": "marked@example.com",
        "address": MARK,
    }
    person.holds((await person.http.post("/api/v1/auth/register", json=body)).json())
    ticket = (await person.http.post("/api/v1/support/", json={"subject": MARK})).json()
    await person.http.post(f"/api/v1/support/{ticket['id']}/messages/user", json={"body": MARK})
    await person.http.post("/api/v1/auth/login", json={"phone": PHONE, "password": MARK})
    await person.http.post("/api/v1/auth/register", json=body)
    await person.http.post("/api/v1/auth/register", json=body | {"name": MARK * 99})
    await person.http.get(f"/api/v1/contracts/verify/{MARK}?h={MARK}")
    await person.http.get(
        f"/api/v1/{MARK}/{PHONE}?q={MARK}", headers={"X-Request-Id": PHONE, "User-Agent": "MarkedAgent/1"}
    )
    await person.refreshes()
    await person.refreshes()
    assert len(requests(written)) == 10
    for value in (MARK, quote(MARK), PHONE, "marked@example.com", "MarkedAgent", person.refresh_token):
        assert value not in written.getvalue(), value


async def test_a_line_holds_these_fields_and_no_others(own_api: OwnApi, written: StringIO) -> None:
    user = await make_user(own_api.sessions)
    person = await own_api.signs_in(user)
    manager = await make_manager(own_api.sessions)
    await person.http.get("/api/v1/user/me")
    await own_api.staff(manager).get("/api/manager/auth/me")
    await own_api.visitor().get("/healthz")
    client, staff, nobody = requests(written)[-3:]
    assert all(set(line) == LINE for line in (client, staff, nobody))
    assert (client["caller"], client["caller_id"]) == ("client", str(user.id))
    assert (staff["caller"], staff["caller_id"]) == ("manager", str(manager.id))
    assert (nobody["caller"], nobody["caller_id"]) == ("none", None)
    assert (client["method"], client["route"], client["status"]) == ("GET", "/api/v1/user/me", 200)
    assert (staff["route"], nobody["route"]) == ("/api/manager/auth/me", "/healthz")


async def test_a_callers_request_id_is_kept_when_it_can_be_nothing_else(own_api: OwnApi, written: StringIO) -> None:
    mine = str(uuid4())
    kept = await own_api.visitor().get("/healthz", headers={"X-Request-Id": mine.upper()})
    changed = await own_api.visitor().get("/healthz", headers={"X-Request-Id": PHONE})
    assert kept.headers["x-request-id"] == mine
    assert changed.headers["x-request-id"] != PHONE
    assert [line["request_id"] for line in requests(written)] == [mine, changed.headers["x-request-id"]]


async def test_an_unknown_exception_is_a_500_with_a_trace_id_and_its_words_are_nowhere(
    own_api: OwnApi, written: StringIO
) -> None:
    @own_api.app.get("/api/breaks/{what}")
    async def breaks(what: str, request: Request) -> None:
        try:
            raise KeyError(what)
        except KeyError as error:
            raise ValueError(f"{what} of {request.url}") from error

    answer = await own_api.visitor().get(f"/api/breaks/{MARK}")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (500, "internal")
    assert problem["trace_id"] == answer.headers["x-request-id"]
    crash = next(line for line in lines(written) if line["logger"] == "privet.errors")
    assert crash["request_id"] == problem["trace_id"]
    assert [one["type"] for one in crash["exception"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert any(" breaks" in place for place in crash["exception"][0]["at"])
    assert requests(written)[-1]["route"] == "/api/breaks/{what}"
    assert MARK not in written.getvalue()
    assert MARK not in json.dumps(crash, ensure_ascii=False)


def test_a_failed_task_that_asyncio_reports_keeps_its_secrets(written: StringIO) -> None:
    text = f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{MARK}')>"
    logging.getLogger("asyncio").error(text, exc_info=ValueError(MARK))
    assert lines(written)[-1]["message"] == "Task exception was never retrieved"
    assert MARK not in written.getvalue()


def test_an_app_is_watched_from_its_first_middleware_on() -> None:
    app = FastAPI()
    metrics = observability.install(app)
    assert app.state.metrics is metrics
    assert [str(one.cls) for one in app.user_middleware] == [str(observability.Observe)]


def test_a_refusal_of_an_activity_is_no_warning(written: StringIO) -> None:
    try:
        raise WrongStep("Не тот шаг.")
    except WrongStep:
        logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=True)
    logging.getLogger("temporalio.activity").warning("another")
    assert [line["message"] for line in lines(written)] == ["another"]
