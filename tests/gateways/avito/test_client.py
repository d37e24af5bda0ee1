"""Avito over a real connection: what is asked, and what is understood."""

from urllib.parse import parse_qs

import httpx
import pytest

from gateways.avito.client import Avito, AvitoAccount
from gateways.outcome import NotFound, Unauthorised
from tests.fake_http_server import FakeHttpServer, Reply
from tests.gateways.avito.answers import CHAT, CHAT_BODY, MESSAGE, MESSAGES, TOKEN, USER


async def test_token_is_asked_for_at_the_path_that_does_not_redirect(
    server: FakeHttpServer, http: httpx.AsyncClient
) -> None:
    server.say_json({"access_token": TOKEN, "expires_in": 86400, "token_type": "Bearer"})
    token = await Avito(http, server.base).token("id", "s&cret")
    assert (token.value, token.expires_in) == (TOKEN, 86400)
    assert (server.asked[0].method, server.asked[0].target) == ("POST", "/token")
    form = {"grant_type": ["client_credentials"], "client_id": ["id"], "client_secret": ["s&cret"]}
    assert parse_qs(server.asked[0].body.decode()) == form
    assert TOKEN not in repr(token)


async def test_key_that_avito_does_not_know_is_a_refusal_even_within_a_200(
    server: FakeHttpServer, http: httpx.AsyncClient
) -> None:
    server.say_json({"error": "invalid_client", "error_description": "no such client"})
    with pytest.raises(Unauthorised, match="no such client"):
        await Avito(http, server.base).token("id", "secret")


async def test_own_id_is_larger_than_32_bits(server: FakeHttpServer, http: httpx.AsyncClient) -> None:
    server.say_json({"id": 9_000_000_000, "name": "Магазин"})
    assert await Avito(http, server.base).me(TOKEN) == 9_000_000_000
    assert server.asked[0].path == "/core/v1/accounts/self"
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_chats_between_profiles_are_listed_too(server: FakeHttpServer, account: AvitoAccount) -> None:
    server.say_json({"chats": [CHAT_BODY, {"id": "u2u-1", "created": 1, "updated": 2, "context": None, "users": None}]})
    on_item, of_profiles = await account.chats(limit=20, offset=40)
    assert parse_qs(server.asked[0].query) == {"chat_types": ["u2i,u2u"], "limit": ["20"], "offset": ["40"]}
    assert on_item.item is not None
    assert (on_item.item.id, on_item.item.price, on_item.item.city) == (4444444444, "12 500 ₽", "Москва")
    buyer = on_item.buyer(USER)
    assert buyer is not None
    assert (buyer.id, buyer.name) == (7, "Ольга")
    assert on_item.last_message is not None
    assert on_item.last_message.content == {}
    assert (of_profiles.item, of_profiles.users, of_profiles.last_message) == (None, (), None)


async def test_one_chat_that_cannot_be_named_does_not_hide_the_others(
    server: FakeHttpServer, account: AvitoAccount
) -> None:
    server.say_json({"chats": [{"created": 1}, CHAT_BODY]})
    assert [chat.id for chat in await account.chats()] == [CHAT]


@pytest.mark.parametrize("wrapped", [False, True])
async def test_both_shapes_of_the_message_list_are_read(
    server: FakeHttpServer, account: AvitoAccount, wrapped: bool
) -> None:
    server.say_json({"messages": [MESSAGE]} if wrapped else [MESSAGE])
    (message,) = await account.messages(CHAT, limit=50)
    assert (message.id, message.author_id, message.direction, message.quote_id) == ("m1", 7, "in", "m0")
    assert message.content["text"] == "Ещё продаёте?"
    assert server.asked[0].path == f"/messenger/v3/accounts/{USER}/chats/u2i-a~b%2Fc%3Fd/messages/"


async def test_text_goes_out_once_with_its_chat_spelled_safely(server: FakeHttpServer, account: AvitoAccount) -> None:
    server.say_json({"id": "m2", "created": 1700000200, "direction": "out", "type": "text"})
    sent = await account.send_text(CHAT, "Да, ещё в продаже")
    assert (sent.id, sent.created) == ("m2", 1700000200)
    assert [(one.method, one.target) for one in server.asked] == [("POST", MESSAGES)]
    assert server.asked[0].json() == {"message": {"text": "Да, ещё в продаже"}, "type": "text"}


async def test_image_is_uploaded_as_one_file_and_sent_by_its_id(server: FakeHttpServer, account: AvitoAccount) -> None:
    server.say_json({"i-1": {"140x105": "https://10.img.avito.st/1.jpg"}})
    server.say_json({"id": "m3", "created": 1})
    image_id = await account.upload_image("photo.jpg", b"\xff\xd8pixels", "image/jpeg")
    assert (await account.send_image(CHAT, image_id)).id == "m3"
    upload, send = server.asked
    assert upload.path == f"/messenger/v1/accounts/{USER}/uploadImages"
    assert b'name="uploadfile[]"; filename="photo.jpg"' in upload.body
    assert b"\xff\xd8pixels" in upload.body
    assert (send.target, send.json()) == (f"{MESSAGES}/image", {"image_id": "i-1"})


async def test_cookies_of_one_account_are_not_sent_with_the_calls_of_another(
    server: FakeHttpServer, http: httpx.AsyncClient
) -> None:
    avito = Avito(http, server.base)
    server.say_json({"id": USER}, set_cookie="session=of-the-first; Path=/")
    server.say_json({"id": 5})
    assert await avito.me(TOKEN) == USER
    assert await avito.me("token-of-another") == 5
    assert "cookie" not in server.asked[1].headers


async def test_small_calls_use_the_published_methods(server: FakeHttpServer, account: AvitoAccount) -> None:
    for answer in (
        {},
        {"ok": True},
        {"ok": True},
        {"subscriptions": [{"url": "https://a", "version": "3"}]},
        {"ok": True},
    ):
        server.say_json(answer)
    server.say(Reply(200, b""))
    await account.delete(CHAT, "m/1")
    await account.read(CHAT)
    await account.subscribe("https://a")
    assert await account.subscriptions() == ["https://a"]
    await account.unsubscribe("https://a")
    await account.block(7, None, 1)
    chat = f"/messenger/v1/accounts/{USER}/chats/u2i-a~b%2Fc%3Fd"
    assert [(one.method, one.target) for one in server.asked] == [
        ("POST", f"{chat}/messages/m%2F1"),
        ("POST", f"{chat}/read"),
        ("POST", "/messenger/v3/webhook"),
        ("POST", "/messenger/v1/subscriptions"),
        ("POST", "/messenger/v1/webhook/unsubscribe"),
        ("POST", f"/messenger/v2/accounts/{USER}/blacklist"),
    ]
    assert server.asked[-1].json() == {"users": [{"user_id": 7, "context": {"reason_id": 1}}]}


async def test_chat_id_of_dots_does_not_leave_its_path(server: FakeHttpServer, account: AvitoAccount) -> None:
    server.say_json({})
    await account.read("..")
    assert server.asked[0].target == f"/messenger/v1/accounts/{USER}/chats/%2E%2E/read"


async def test_voice_link_is_asked_for_one_at_a_time(server: FakeHttpServer, account: AvitoAccount) -> None:
    server.say_json({"voices_urls": {"v-1": "https://x.avito.ru/v.mp4"}})
    server.say_json({"voices_urls": {}})
    assert await account.voice_url("v-1") == "https://x.avito.ru/v.mp4"
    assert parse_qs(server.asked[0].query) == {"voice_ids": ["v-1"]}
    with pytest.raises(NotFound):
        await account.voice_url("v-2")
