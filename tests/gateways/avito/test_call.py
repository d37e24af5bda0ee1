"""What Avito's refusals and broken answers mean, and what of ours stands in no error."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from gateways.avito.client import Avito, AvitoAccount
from gateways.avito.shapes import Hook, read_hook
from gateways.outcome import NotDone, NotFound, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown
from tests.fake_http_server import Dropped, FakeHttpServer, Half, Reply, Silence, unused_port
from tests.gateways.avito.answers import CHAT, HTML, TOKEN, USER


@pytest.mark.parametrize("answer", [Dropped(), Half(), HTML, Reply(500), Reply(503, b'{"error": {"code": 503}}')])
async def test_trouble_after_the_sending_leaves_it_open_whether_the_buyer_has_it(
    server: FakeHttpServer, account: AvitoAccount, answer: Reply | Dropped | Half
) -> None:
    server.say(answer)
    with pytest.raises(Unknown):
        await account.send_text(CHAT, "Да")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Reply(200, b"<html>Captcha</html>", "text/html; charset=utf-8"),
        Reply(200, b"<html>Captcha</html>", "application/json"),
        Reply(200, b""),
        Reply(200, b"null"),
        Reply(200, b'{"created": 5}'),
        Reply(302, b"", headers={"Location": "/elsewhere"}),
    ],
)
async def test_success_that_cannot_be_understood_is_no_success(
    server: FakeHttpServer, account: AvitoAccount, answer: Reply
) -> None:
    server.say(answer)
    with pytest.raises(Unknown):
        await account.send_text(CHAT, "Да")
    assert len(server.asked) == 1


async def test_answer_that_comes_too_late_leaves_it_open(server: FakeHttpServer) -> None:
    server.say(Silence())
    async with httpx.AsyncClient(timeout=httpx.Timeout(5, read=0.05)) as impatient:
        with pytest.raises(Unknown, match="ReadTimeout"):
            await Avito(impatient, server.base).account(USER, TOKEN).send_text(CHAT, "Да")
    assert len(server.asked) == 1


async def test_refused_connection_is_certainly_not_done(http: httpx.AsyncClient) -> None:
    with pytest.raises(NotDone):
        await Avito(http, f"http://127.0.0.1:{unused_port()}").account(USER, TOKEN).send_text(CHAT, "Да")


async def test_no_free_connection_is_certainly_not_done(server: FakeHttpServer) -> None:
    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(timeout=httpx.Timeout(5, pool=0.05), limits=limits) as crowded:
        server.say_json({"ok": True})
        async with crowded.stream("GET", server.base):
            with pytest.raises(NotDone):
                await Avito(crowded, server.base).account(USER, TOKEN).send_text(CHAT, "Да")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1.0),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT"}, 1.0),
        ({"Retry-After": "soon"}, 1.0),
        ({"Retry-After": "0.25"}, 0.25),
        ({"Retry-After": " 2 "}, 2.0),
        ({"Retry-After": "1e3"}, 1.0),
        ({"Retry-After": "-3"}, 1.0),
        ({"X-RateLimit-Reset": "12"}, 12.0),
        ({"X-RateLimit-Reset": "1795168830", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 30.0),
    ],
)
@pytest.mark.parametrize("body", [b'{"error": {"code": 429}}', b"<html>antibot</html>"])
async def test_too_many_says_how_long_to_wait(
    server: FakeHttpServer, account: AvitoAccount, headers: dict[str, str], seconds: float, body: bytes
) -> None:
    server.say(Reply(429, body, "text/html" if body.startswith(b"<") else "application/json", headers))
    with pytest.raises(TooMany) as caught:
        await account.send_text(CHAT, "Да")
    assert caught.value.retry_after == seconds
    assert caught.value.named == (None if seconds == 1 else seconds)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (400, Rejected),
        (401, Unauthorised),
        (402, PaymentRequired),
        (403, Unauthorised),
        (404, NotFound),
        (422, Rejected),
    ],
)
async def test_refusal_keeps_its_status_and_reason(
    server: FakeHttpServer, account: AvitoAccount, status: int, meaning: type[Rejected]
) -> None:
    server.say_json({"error": {"code": status, "message": "say\n why"}}, status)
    with pytest.raises(meaning) as caught:
        await account.send_text(CHAT, "личный текст")
    assert type(caught.value) is meaning
    assert (caught.value.status, caught.value.reason) == (status, "say why")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"code": 1, "message": "flat"}, "flat"),
        ({"errors": [{"message": "one"}, "two"]}, "one; two"),
        ({"result": {"status": False, "messages": {"text": "too long"}}}, "too long"),
        ({"error": "bad_request"}, "bad_request"),
        ([], "X"),
    ],
)
async def test_reason_is_found_in_every_shape(
    server: FakeHttpServer, account: AvitoAccount, body: object, reason: str
) -> None:
    server.say_json(body, 400)
    with pytest.raises(Rejected) as caught:
        await account.read(CHAT)
    assert caught.value.reason == reason


@pytest.mark.parametrize("body", [{"error": {"code": 403, "message": "no"}}, {"result": {"status": False}}])
async def test_refusal_within_a_200_is_a_refusal(server: FakeHttpServer, account: AvitoAccount, body: object) -> None:
    server.say_json(body)
    with pytest.raises(Rejected):
        await account.send_text(CHAT, "Да")


async def test_limits_are_heard_from_successes_and_refusals(server: FakeHttpServer, http: httpx.AsyncClient) -> None:
    heard: list[tuple[int | None, int | None]] = []
    account = Avito(http, server.base).account(USER, TOKEN, lambda limit, remaining: heard.append((limit, remaining)))
    server.say_json({"ok": True}, X_RateLimit_Limit="60", X_RateLimit_Remaining="59")
    server.say_json({}, 429, X_RateLimit_Limit="60", X_RateLimit_Remaining="0")
    server.say_json({"ok": True}, X_RateLimit_Limit="many")
    await account.read(CHAT)
    with pytest.raises(TooMany):
        await account.read(CHAT)
    await account.read(CHAT)
    assert heard == [(60, 59), (60, 0), (None, None)]


Call = Callable[[AvitoAccount], Awaitable[object]]


@pytest.mark.parametrize(
    "answer", [Dropped(), HTML, Reply(400, b'{"error": {"message": "no"}}'), Reply(429), Reply(401)]
)
@pytest.mark.parametrize("call", [lambda to: to.send_text(CHAT, "личный текст"), lambda to: to.chats()])
async def test_no_error_tells_the_token_or_the_text(
    server: FakeHttpServer, account: AvitoAccount, answer: Reply, call: Call
) -> None:
    server.say(answer)
    with pytest.raises((NotDone, Unknown, Rejected)) as caught:
        await call(account)
    shown = repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
    assert TOKEN not in shown
    assert "личный" not in shown
    assert CHAT not in shown


def test_webhook_names_the_message_and_nothing_else_is_taken_from_it() -> None:
    body = b"""{"id": "e", "version": "v3.0.0", "timestamp": 1, "payload": {"type": "message", "value": {"id": "m1",
        "chat_id": "u2i-1", "user_id": 94235311, "author_id": 7, "created": 1700000000, "type": "text",
        "chat_type": "u2i", "content": {"text": "forged"}, "item_id": null}}}"""
    assert read_hook(body) == Hook("m1", "u2i-1", "u2i", USER, 7, 1700000000, "text")


@pytest.mark.parametrize(
    "body", [b"{}", b"", b"[]", b"\xff", b"null", b'{"payload": {"value": {"id": 5}}}', b"[" * 100_000]
)
def test_probe_and_rubbish_are_no_webhook(body: bytes) -> None:
    assert read_hook(body) is None
