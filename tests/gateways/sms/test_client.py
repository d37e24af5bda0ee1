"""Every answer of SMS.ru as an outcome: HTTP 200 says nothing, the status of the one number does."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from gateways.outcome import NotDone, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown
from gateways.sms.client import SmsRu, SmsStatus
from sandbox.sms.state import KEY
from tests.fake_http_server import Dropped, FakeHttpServer, Half, Reply
from tests.sandbox.conftest import Served, served

PHONE, NUMBER, TEXT = "9161234567", "79161234567", "123456 - код подтверждения номера."


@pytest.fixture
def sms(server: FakeHttpServer, http: httpx.AsyncClient) -> SmsRu:
    return SmsRu(http, server.base, "the-key")


def said(body: Any) -> Reply:
    return Reply(body=json.dumps(body).encode())


def of_number(code: Any, **more: Any) -> Reply:
    one = {"status": "OK" if code == 100 else "ERROR", "status_code": code, **more}
    return said({"status": "OK", "status_code": 100, "sms": {NUMBER: one}, "balance": 1.0})


def of_call(code: Any) -> Reply:
    return said({"status": "ERROR", "status_code": code, "status_text": f"…{NUMBER}…"})


async def test_the_call_is_the_published_one(server: FakeHttpServer, sms: SmsRu) -> None:
    server.say(of_number(100, sms_id="000000-10000000"))
    assert await sms.send(PHONE, TEXT, ttl_minutes=10, ip="203.0.113.7") == "000000-10000000"
    asked = server.asked[-1]
    assert (asked.method, asked.target) == ("POST", "/sms/send")
    fields = {"api_id": "the-key", "json": "1", "to": NUMBER, "msg": TEXT, "ttl": "10", "ip": "203.0.113.7"}
    assert parse_qs(asked.body.decode()) == {name: [value] for name, value in fields.items()}


OUTCOMES: list[tuple[type[Exception], list[int]]] = [
    (Unauthorised, [200, 300, 301, 302]),
    (PaymentRequired, [201, 206]),
    (NotDone, [220, 500]),
    (TooMany, [230, 231, 232, 233]),
    (Rejected, [104, 105, 106, 107, 108, 150, 202, 203, 204, 205, 207, 209, 212, 213, 214, 221, 299, 777]),
]


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in OUTCOMES for code in codes])
@pytest.mark.parametrize("of", [of_number, of_call])
async def test_each_code_is_an_outcome(
    server: FakeHttpServer, sms: SmsRu, kind: type[Exception], code: int, of: Any
) -> None:
    server.say(of(code))
    with pytest.raises(kind) as outcome:
        await sms.send(PHONE, TEXT)
    assert type(outcome.value) is kind
    assert PHONE not in str(outcome.value)
    if isinstance(outcome.value, TooMany):
        assert outcome.value.retry_after >= 60
    if isinstance(outcome.value, Rejected):
        assert outcome.value.status == code


@pytest.mark.parametrize(
    "answer",
    [
        Dropped(),
        Half(),
        Reply(status=502, body=b"<h1>502</h1>", content_type="text/html"),
        Reply(body=b"100\n000000-10000000\nbalance=1"),
        Reply(body=b"[]"),
        said({"status": "OK", "status_code": 100}),
        said({"status": "OK", "status_code": 100, "sms": {"79990000000": {"status": "OK", "status_code": 100}}}),
        said({"status": "OK", "status_code": 100, "sms": {NUMBER: {"status": "OK"}}}),
        said({"status": "OK", "status_code": 100, "sms": {NUMBER: {"status": "OK", "status_code": True}}}),
        said({"status": "ERROR"}),
        of_call(100),
    ],
)
async def test_what_is_lost_or_cannot_be_read_may_have_gone(server: FakeHttpServer, sms: SmsRu, answer: Any) -> None:
    server.say(answer)
    with pytest.raises(Unknown):
        await sms.send(PHONE, TEXT)


async def test_a_slow_answer_is_unknown(server: FakeHttpServer) -> None:
    async with served() as sandbox, httpx.AsyncClient(timeout=0.2) as http:
        await sandbox.fault("late-answer", "sms", seconds=2)
        with pytest.raises(Unknown):
            await SmsRu(http, sandbox.url, KEY).send(PHONE, TEXT)
        shown = (await sandbox.http.get(f"/sandbox/phones/{PHONE}")).json()
        assert [one["text"] for one in shown["messages"]] == [TEXT]


async def test_no_connection_is_not_done(http: httpx.AsyncClient) -> None:
    with pytest.raises(NotDone):
        await SmsRu(http, "http://127.0.0.1:1", "the-key").send(PHONE, TEXT)


async def test_accepted_without_an_id_has_gone(server: FakeHttpServer, sms: SmsRu) -> None:
    server.say(of_number(100))
    assert await sms.send(PHONE, TEXT) == ""


@pytest.fixture
async def sandbox() -> AsyncIterator[Served]:
    async with served() as sandbox:
        yield sandbox


async def test_the_status_of_a_message_that_is_delivered(sandbox: Served, http: httpx.AsyncClient) -> None:
    sms = SmsRu(http, sandbox.url, KEY)
    sms_id = await sms.send(PHONE, TEXT)
    assert await sms.status(sms_id) == SmsStatus(100)
    sandbox.world.clock.advance(5)
    told = await sms.status(sms_id)
    assert told is not None
    assert (told.delivered, told.lost) == (True, False)
    assert await sms.status("000000-0") is None


@pytest.mark.parametrize("code", [104, 105, 106, 107, 108, 150])
async def test_a_message_that_is_lost(server: FakeHttpServer, sms: SmsRu, code: int) -> None:
    server.say(said({"status": "OK", "status_code": 100, "sms": {"1-1": {"status": "OK", "status_code": code}}}))
    told = await sms.status("1-1")
    assert told is not None
    assert (told.delivered, told.lost) == (False, True)


async def test_a_key_that_is_refused_is_said_without_the_key(sandbox: Served, http: httpx.AsyncClient) -> None:
    with pytest.raises(Unauthorised) as refused:
        await SmsRu(http, sandbox.url, "a-key-of-somebody").send(PHONE, TEXT)
    assert refused.value.status == 200
    assert "somebody" not in str(refused.value)
