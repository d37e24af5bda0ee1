"""Avito over a real connection: what is asked, what is understood, and what each trouble means for a second try."""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qs

import httpx
import pytest

from gateways.avito import Avito, AvitoAccount
from gateways.avito_shapes import Hook, read_hook
from gateways.http_outcome import open_client
from gateways.outcome import NotDone, NotFound, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown
from tests.gateways.wire import Dropped, Half, Reply, Silence, Wire, serving, unused_port

USER, CHAT, TOKEN = 94235311, "u2i-a~b/c?d", "secret-access-token"
MESSAGES = f"/messenger/v1/accounts/{USER}/chats/u2i-a~b%2Fc%3Fd/messages"
HTML = Reply(502, b"<html>Bad gateway</html>", "text/html")

CHAT_BODY = {
    "id": CHAT,
    "created": 1700000000,
    "updated": 1700000100,
    "context": {
        "type": "item",
        "value": {
            "id": 4444444444,
            "title": "Велосипед Stels",
            "price_string": "12 500 ₽",
            "url": "https://www.avito.ru/moskva/velosipedy/1",
            "location": {"title": "Москва"},
            "images": {"count": 1, "main": {"140x105": "https://10.img.avito.st/1.jpg"}},
            "status_id": 10,
            "user_id": USER,
        },
    },
    "users": [{"id": USER, "name": "Магазин"}, {"id": 7, "name": "Ольга", "public_user_profile": {"url": "https://u"}}],
    "last_message": {"id": "m1", "author_id": 7, "created": 1700000100, "direction": "in", "type": "text"},
}
MESSAGE = {
    "id": "m1",
    "author_id": 7,
    "created": 1700000100,
    "direction": "in",
    "type": "text",
    "content": {"text": "Ещё продаёте?", "image": None},
    "is_read": False,
    "read": None,
    "quote": {"id": "m0"},
}


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serving() as wire:
        yield wire


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as client:
        yield client


@pytest.fixture
def account(wire: Wire, http: httpx.AsyncClient) -> AvitoAccount:
    return Avito(http, wire.base).account(USER, TOKEN)


async def test_token_is_asked_for_at_the_path_that_does_not_redirect(wire: Wire, http: httpx.AsyncClient) -> None:
    wire.say_json({"access_token": TOKEN, "expires_in": 86400, "token_type": "Bearer"})
    token = await Avito(http, wire.base).token("id", "s&cret")
    assert (token.value, token.expires_in) == (TOKEN, 86400)
    assert (wire.asked[0].method, wire.asked[0].target) == ("POST", "/token")
    form = {"grant_type": ["client_credentials"], "client_id": ["id"], "client_secret": ["s&cret"]}
    assert parse_qs(wire.asked[0].body.decode()) == form
    assert TOKEN not in repr(token)


async def test_key_that_avito_does_not_know_is_a_refusal_even_within_a_200(wire: Wire, http: httpx.AsyncClient) -> None:
    wire.say_json({"error": "invalid_client", "error_description": "no such client"})
    with pytest.raises(Unauthorised, match="no such client"):
        await Avito(http, wire.base).token("id", "secret")


async def test_own_id_is_larger_than_32_bits(wire: Wire, http: httpx.AsyncClient) -> None:
    wire.say_json({"id": 9_000_000_000, "name": "Магазин"})
    assert await Avito(http, wire.base).me(TOKEN) == 9_000_000_000
    assert wire.asked[0].path == "/core/v1/accounts/self"
    assert wire.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_chats_between_profiles_are_listed_too(wire: Wire, account: AvitoAccount) -> None:
    wire.say_json({"chats": [CHAT_BODY, {"id": "u2u-1", "created": 1, "updated": 2, "context": None, "users": None}]})
    on_item, of_profiles = await account.chats(limit=20, offset=40)
    assert parse_qs(wire.asked[0].query) == {"chat_types": ["u2i,u2u"], "limit": ["20"], "offset": ["40"]}
    assert on_item.item is not None
    assert (on_item.item.id, on_item.item.price, on_item.item.city) == (4444444444, "12 500 ₽", "Москва")
    assert on_item.item.image_url == "https://10.img.avito.st/1.jpg"
    buyer = on_item.buyer(USER)
    assert buyer is not None
    assert (buyer.id, buyer.name) == (7, "Ольга")
    assert on_item.last_message is not None
    assert on_item.last_message.content == {}
    assert (of_profiles.item, of_profiles.users, of_profiles.last_message) == (None, (), None)


async def test_one_chat_that_cannot_be_named_does_not_hide_the_others(wire: Wire, account: AvitoAccount) -> None:
    wire.say_json({"chats": [{"created": 1}, CHAT_BODY]})
    assert [chat.id for chat in await account.chats()] == [CHAT]


@pytest.mark.parametrize("wrapped", [False, True])
async def test_both_shapes_of_the_message_list_are_read(wire: Wire, account: AvitoAccount, wrapped: bool) -> None:
    wire.say_json({"messages": [MESSAGE]} if wrapped else [MESSAGE])
    (message,) = await account.messages(CHAT, limit=50)
    assert (message.id, message.author_id, message.direction, message.quote_id) == ("m1", 7, "in", "m0")
    assert message.content["text"] == "Ещё продаёте?"
    assert wire.asked[0].path == f"/messenger/v3/accounts/{USER}/chats/u2i-a~b%2Fc%3Fd/messages/"


async def test_text_goes_out_once_with_its_chat_spelled_safely(wire: Wire, account: AvitoAccount) -> None:
    wire.say_json({"id": "m2", "created": 1700000200, "direction": "out", "type": "text"})
    sent = await account.send_text(CHAT, "Да, ещё в продаже")
    assert (sent.id, sent.created) == ("m2", 1700000200)
    assert [(one.method, one.target) for one in wire.asked] == [("POST", MESSAGES)]
    assert wire.asked[0].json() == {"message": {"text": "Да, ещё в продаже"}, "type": "text"}


async def test_image_is_uploaded_as_one_file_and_sent_by_its_id(wire: Wire, account: AvitoAccount) -> None:
    wire.say_json({"i-1": {"140x105": "https://10.img.avito.st/1.jpg"}})
    wire.say_json({"id": "m3", "created": 1})
    image_id = await account.upload_image("photo.jpg", b"\xff\xd8pixels", "image/jpeg")
    assert (await account.send_image(CHAT, image_id)).id == "m3"
    upload, send = wire.asked
    assert upload.path == f"/messenger/v1/accounts/{USER}/uploadImages"
    assert b'name="uploadfile[]"; filename="photo.jpg"' in upload.body
    assert b"\xff\xd8pixels" in upload.body
    assert (send.target, send.json()) == (f"{MESSAGES}/image", {"image_id": "i-1"})


async def test_cookies_of_one_account_are_not_sent_with_the_calls_of_another(
    wire: Wire, http: httpx.AsyncClient
) -> None:
    avito = Avito(http, wire.base)
    wire.say_json({"id": USER}, set_cookie="session=of-the-first; Path=/")
    wire.say_json({"id": 5})
    assert await avito.me(TOKEN) == USER
    assert await avito.me("token-of-another") == 5
    assert "cookie" not in wire.asked[1].headers


async def test_small_calls_use_the_published_methods(wire: Wire, account: AvitoAccount) -> None:
    for answer in (
        {},
        {"ok": True},
        {"ok": True},
        {"subscriptions": [{"url": "https://a", "version": "3"}]},
        {"ok": True},
    ):
        wire.say_json(answer)
    wire.say(Reply(200, b""))
    await account.delete(CHAT, "m/1")
    await account.read(CHAT)
    await account.subscribe("https://a")
    assert await account.subscriptions() == ["https://a"]
    await account.unsubscribe("https://a")
    await account.block(7, None, 1)
    chat = f"/messenger/v1/accounts/{USER}/chats/u2i-a~b%2Fc%3Fd"
    assert [(one.method, one.target) for one in wire.asked] == [
        ("POST", f"{chat}/messages/m%2F1"),
        ("POST", f"{chat}/read"),
        ("POST", "/messenger/v3/webhook"),
        ("POST", "/messenger/v1/subscriptions"),
        ("POST", "/messenger/v1/webhook/unsubscribe"),
        ("POST", f"/messenger/v2/accounts/{USER}/blacklist"),
    ]
    assert wire.asked[-1].json() == {"users": [{"user_id": 7, "context": {"reason_id": 1}}]}


async def test_chat_id_of_dots_does_not_leave_its_path(wire: Wire, account: AvitoAccount) -> None:
    wire.say_json({})
    await account.read("..")
    assert wire.asked[0].target == f"/messenger/v1/accounts/{USER}/chats/%2E%2E/read"


async def test_voice_link_is_asked_for_one_at_a_time(wire: Wire, account: AvitoAccount) -> None:
    wire.say_json({"voices_urls": {"v-1": "https://x.avito.ru/v.mp4"}})
    wire.say_json({"voices_urls": {}})
    assert await account.voice_url("v-1") == "https://x.avito.ru/v.mp4"
    assert parse_qs(wire.asked[0].query) == {"voice_ids": ["v-1"]}
    with pytest.raises(NotFound):
        await account.voice_url("v-2")


@pytest.mark.parametrize("answer", [Dropped(), Half(), HTML, Reply(500), Reply(503, b'{"error": {"code": 503}}')])
async def test_trouble_after_the_sending_leaves_it_open_whether_the_buyer_has_it(
    wire: Wire, account: AvitoAccount, answer: Reply | Dropped | Half
) -> None:
    wire.say(answer)
    with pytest.raises(Unknown):
        await account.send_text(CHAT, "Да")
    assert len(wire.asked) == 1


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
    wire: Wire, account: AvitoAccount, answer: Reply
) -> None:
    wire.say(answer)
    with pytest.raises(Unknown):
        await account.send_text(CHAT, "Да")
    assert len(wire.asked) == 1


async def test_answer_that_comes_too_late_leaves_it_open(wire: Wire) -> None:
    wire.say(Silence())
    async with httpx.AsyncClient(timeout=httpx.Timeout(5, read=0.05)) as impatient:
        with pytest.raises(Unknown, match="ReadTimeout"):
            await Avito(impatient, wire.base).account(USER, TOKEN).send_text(CHAT, "Да")
    assert len(wire.asked) == 1


async def test_refused_connection_is_certainly_not_done(http: httpx.AsyncClient) -> None:
    with pytest.raises(NotDone):
        await Avito(http, f"http://127.0.0.1:{unused_port()}").account(USER, TOKEN).send_text(CHAT, "Да")


async def test_no_free_connection_is_certainly_not_done(wire: Wire) -> None:
    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(timeout=httpx.Timeout(5, pool=0.05), limits=limits) as crowded:
        wire.say_json({"ok": True})
        async with crowded.stream("GET", wire.base):
            with pytest.raises(NotDone):
                await Avito(crowded, wire.base).account(USER, TOKEN).send_text(CHAT, "Да")
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1.0),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT"}, 1.0),
        ({"Retry-After": "soon"}, 1.0),
        ({"X-RateLimit-Reset": "12"}, 12.0),
        ({"X-RateLimit-Reset": "1795168830", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 30.0),
    ],
)
@pytest.mark.parametrize("body", [b'{"error": {"code": 429}}', b"<html>antibot</html>"])
async def test_too_many_says_how_long_to_wait(
    wire: Wire, account: AvitoAccount, headers: dict[str, str], seconds: float, body: bytes
) -> None:
    wire.say(Reply(429, body, "text/html" if body.startswith(b"<") else "application/json", headers))
    with pytest.raises(TooMany) as caught:
        await account.send_text(CHAT, "Да")
    assert caught.value.retry_after == seconds


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
    wire: Wire, account: AvitoAccount, status: int, meaning: type[Rejected]
) -> None:
    wire.say_json({"error": {"code": status, "message": "say\n why"}}, status)
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
async def test_reason_is_found_in_every_shape(wire: Wire, account: AvitoAccount, body: object, reason: str) -> None:
    wire.say_json(body, 400)
    with pytest.raises(Rejected) as caught:
        await account.read(CHAT)
    assert caught.value.reason == reason


@pytest.mark.parametrize("body", [{"error": {"code": 403, "message": "no"}}, {"result": {"status": False}}])
async def test_refusal_within_a_200_is_a_refusal(wire: Wire, account: AvitoAccount, body: object) -> None:
    wire.say_json(body)
    with pytest.raises(Rejected):
        await account.send_text(CHAT, "Да")


async def test_limits_are_heard_from_successes_and_refusals(wire: Wire, http: httpx.AsyncClient) -> None:
    heard: list[tuple[int | None, int | None]] = []
    account = Avito(http, wire.base).account(USER, TOKEN, lambda limit, remaining: heard.append((limit, remaining)))
    wire.say_json({"ok": True}, X_RateLimit_Limit="60", X_RateLimit_Remaining="59")
    wire.say_json({}, 429, X_RateLimit_Limit="60", X_RateLimit_Remaining="0")
    wire.say_json({"ok": True}, X_RateLimit_Limit="many")
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
    wire: Wire, account: AvitoAccount, answer: Reply, call: Call
) -> None:
    wire.say(answer)
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
