"""The stand-in for Avito keeps to what Avito has published, and fails in the ways that Avito may."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import av
import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from PIL import Image
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.avito import control, routes
from sandbox.avito.state import Avito
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults, Setting, Side
from sandbox.hooks import Hooks
from sandbox.journal import Journal
from sandbox.serving import CuttableProtocol

HOUR = 3600
DAY = 24 * HOUR


@dataclass
class Heard:
    content_type: str
    body: bytes


@dataclass
class Ear:
    """An address that hooks come to."""

    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    silent: bool = False

    def hooks(self) -> list[dict[str, Any]]:
        """What came after the probe: the payloads."""
        return [json.loads(one.body)["payload"]["value"] for one in self.heard if one.body != b"{}"]

    async def listen(self, request: Request) -> Response:
        self.heard.append(Heard(request.headers["content-type"], await request.body()))
        if self.silent:
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return Response(status_code=self.status)


class StoodClock(Clock):
    """Stands still until it is moved."""

    def __call__(self) -> float:
        return 1_800_000_000.25 + self.ahead


@dataclass
class World:
    avito: Avito
    faults: Faults
    clock: StoodClock
    http: httpx.AsyncClient
    ear: Ear
    origin: str
    changes: list[None]

    def fail(self, fault: Fault, **how: Any) -> None:
        self.faults.set(Setting(Side.AVITO, fault, **how))

    async def play(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/sandbox/accounts{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seller(self, **account: Any) -> "Seller":
        made = await self.play("", **account)
        answer = await self.http.post(
            "/token",
            data={
                "grant_type": "client_credentials",
                "client_id": made["client_id"],
                "client_secret": made["client_secret"],
            },
        )
        return Seller(self, made["user_id"], made, answer.json()["access_token"])

    def violations(self) -> list[str]:
        return self.avito.journal.violations()


@dataclass
class Seller:
    """The owner of an account, with a token."""

    world: World
    id: int
    keys: dict[str, Any]
    token: str

    async def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.world.http.request(method, path.replace("ME", str(self.id)), headers=headers, **how)

    async def get(self, path: str) -> Any:
        answer = await self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def chat(self, **chat: Any) -> str:
        made = await self.world.play(f"/{self.id}/chats", **chat)
        return str(made["chat_id"])

    async def hears(self, chat: str, text: str = "Ещё продаёте?", **more: Any) -> str:
        """The buyer writes."""
        made = await self.world.play(f"/{self.id}/chats/{quote(chat)}/messages", text=text, **more)
        return str(made["id"])

    async def says(self, chat: str, text: str = "Да") -> httpx.Response:
        body = {"message": {"text": text}, "type": "text"}
        return await self.call("POST", f"/messenger/v1/accounts/ME/chats/{quote(chat)}/messages", json=body)

    async def listed(self, chat: str, query: str = "") -> list[dict[str, Any]]:
        found = await self.get(f"/messenger/v3/accounts/ME/chats/{quote(chat)}/messages/{query}")
        listed: list[dict[str, Any]] = found["messages"] if isinstance(found, dict) else found
        return listed

    async def chats(self, query: str = "") -> list[str]:
        return [chat["id"] for chat in (await self.get(f"/messenger/v2/accounts/ME/chats{query}"))["chats"]]

    async def subscribe(self, path: str = "/ear") -> httpx.Response:
        return await self.call("POST", "/messenger/v3/webhook", json={"url": self.world.origin + path})

    def seen(self, chat: str) -> dict[str, Any]:
        """As the page shows it."""
        account = next(one for one in self.world.avito.view()["accounts"] if one["user_id"] == self.id)
        return next(one for one in account["chats"] if one["id"] == chat)


class Stage:
    """What the one server of these tests shows: another app in each of them."""

    def __init__(self) -> None:
        self.app: ASGIApp = FastAPI()
        self.origin = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    config = uvicorn.Config(stage, "127.0.0.1", 0, http=CuttableProtocol, lifespan="off", log_level="warning")
    config.load()
    running = uvicorn.Server(config)
    running.lifespan = config.lifespan_class(config)
    await running.startup()
    host, port = running.servers[0].sockets[0].getsockname()
    stage.origin = f"http://{host}:{port}"
    yield stage
    await running.shutdown()


@pytest.fixture
async def world(stage: Stage) -> AsyncIterator[World]:
    clock, faults, ear = StoodClock(), Faults(), Ear()
    hooks = Hooks(faults)
    avito = Avito(faults, Journal(clock), hooks, clock)
    changes: list[None] = []
    app = FastAPI()
    for part in (routes, control):
        app.include_router(part.build(avito, lambda: changes.append(None)))
    app.add_api_route("/ear", ear.listen, methods=["POST"])
    stage.app = app
    async with httpx.AsyncClient(base_url=stage.origin, trust_env=False, verify=False) as http:
        yield World(avito, faults, clock, http, ear, stage.origin, changes)
    await hooks.close()


@pytest.fixture
async def seller(world: World) -> Seller:
    return await world.seller(name="Веломир")


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, kind)
    return out.getvalue()


# Tokens


async def test_a_seller_gets_a_token_for_a_day_and_learns_the_own_id(world: World, seller: Seller) -> None:
    own = await seller.get("/core/v1/accounts/self")
    assert (own["id"], own["name"]) == (seller.id, "Веломир")
    world.clock.advance(DAY - 1)
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 200
    world.clock.advance(1)
    over = await seller.call("GET", "/core/v1/accounts/self")
    assert (over.status_code, over.json()) == (403, {"error": {"code": 403, "message": "Forbidden"}})


async def test_a_wrong_secret_and_a_made_up_token_open_nothing(world: World, seller: Seller) -> None:
    keys = {"grant_type": "client_credentials", "client_id": seller.keys["client_id"], "client_secret": "wrong"}
    assert (await world.http.post("/token", data=keys)).status_code == 401
    seller.token = "made-up"
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 401
    assert world.violations() == []


async def test_the_token_is_asked_for_with_a_form_and_without_a_slash(world: World, seller: Seller) -> None:
    keys = {"grant_type": "client_credentials"} | seller.keys
    assert (await world.http.post("/token", json=keys)).status_code == 400
    assert (await world.http.post("/token", data=keys | {"grant_type": "password"})).status_code == 400
    moved = await world.http.post("/token/", data=keys)
    assert (moved.status_code, moved.headers["location"]) == (301, "/token")
    assert len(world.violations()) == 2


async def test_an_expired_token_is_refused_with_403_and_401_in_turn_until_a_new_one_is_got(
    world: World, seller: Seller
) -> None:
    world.fail(Fault.EXPIRED_TOKEN, every=2)
    seen = []
    for _ in range(2):
        seller = await renewed(world, seller)
        answers = [await seller.call("GET", "/core/v1/accounts/self") for _ in range(2)]
        seen.append([answer.status_code for answer in answers])
    assert seen == [[200, 403], [200, 401]]
    world.faults.clear()
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 401
    assert (await (await renewed(world, seller)).call("GET", "/core/v1/accounts/self")).status_code == 200


async def renewed(world: World, seller: Seller) -> Seller:
    keys = {name: seller.keys[name] for name in ("client_id", "client_secret")}
    answer = await world.http.post("/token", data={"grant_type": "client_credentials"} | keys)
    assert answer.json()["token_type"] == "Bearer"
    return Seller(world, seller.id, seller.keys, answer.json()["access_token"])


async def test_a_call_without_a_token_or_for_another_account_is_refused(world: World, seller: Seller) -> None:
    assert (await world.http.get("/core/v1/accounts/self")).status_code == 401
    assert len(world.violations()) == 1
    other = await world.seller()
    assert (await seller.call("GET", f"/messenger/v2/accounts/{other.id}/chats")).status_code == 403


async def test_an_employees_key_sees_no_chats_and_may_do_nothing(world: World) -> None:
    employee = await world.seller(employee=True)
    chat = await employee.chat()
    assert await employee.chats() == []
    assert (await employee.says(chat)).status_code == 403
    refused: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/messenger/v3/accounts/ME/chats/{chat}/messages/", {}),
        ("POST", f"/messenger/v1/accounts/ME/chats/{chat}/read", {}),
        ("GET", "/messenger/v1/accounts/ME/getVoiceFiles?voice_ids=1", {}),
        ("POST", "/messenger/v1/accounts/ME/uploadImages", {"files": {"uploadfile[]": picture("PNG")}}),
        ("POST", "/messenger/v2/accounts/ME/blacklist", {"json": {"users": []}}),
    ]
    for method, path, how in refused:
        assert (await employee.call(method, path, **how)).status_code == 403, path
    assert employee.seen(chat)["messages"] == []


# Looking


async def test_only_chats_about_items_are_listed_unless_others_are_asked_for(seller: Seller) -> None:
    about_item, about_profile = await seller.chat(), await seller.chat(kind="u2u")
    with_avito = await seller.chat(kind="a2u")
    assert await seller.chats() == [about_item]
    assert await seller.chats("?chat_types=u2i,u2u") == [about_profile, about_item]
    assert await seller.chats("?chat_types=u2i&chat_types=a2u") == [with_avito, about_item]
    assert (await seller.call("GET", "/messenger/v2/accounts/ME/chats?chat_types=u2x")).status_code == 400


async def test_the_chat_that_changed_last_comes_first_and_lists_are_paged(seller: Seller) -> None:
    chats = [await seller.chat() for _ in range(3)]
    await seller.hears(chats[1])
    assert await seller.chats() == [chats[1], chats[2], chats[0]]
    assert await seller.chats("?limit=1&offset=1") == [chats[2]]
    assert await seller.chats("?unread_only=true") == [chats[1]]
    item = seller.seen(chats[0])["item"]["id"]
    assert await seller.chats(f"?item_ids=5,{item}") == [chats[0]]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=ten", "offset=1001", "offset=-1", "item_ids=x"])
async def test_a_page_outside_of_the_published_limits_is_refused(world: World, seller: Seller, query: str) -> None:
    refused = await seller.call("GET", f"/messenger/v2/accounts/ME/chats?{query}")
    name = query.split("=")[0]
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, [name])
    assert len(world.violations()) == 1


async def test_a_chat_tells_its_item_its_users_and_its_last_message(seller: Seller) -> None:
    item = {
        "title": "iPhone 13",
        "price_string": "41 000 ₽",
        "url": "https://avito.ru/kazan/iphone_5",
        "city": "Казань",
    }
    chat = await seller.chat(chat_id="u2i-a~b=", buyer_name="Ольга", item=item)
    message = await seller.hears(chat, "Торг уместен?")
    shown = await seller.get("/messenger/v2/accounts/ME/chats/u2i-a~b%3D")
    value = shown["context"]["value"]
    assert (value["title"], value["price_string"], value["user_id"]) == ("iPhone 13", "41 000 ₽", seller.id)
    assert value["location"] == {"title": "Казань"}
    assert {user["name"] for user in shown["users"]} == {"Ольга", "Веломир"}
    buyer = next(user["id"] for user in shown["users"] if user["id"] != seller.id)
    assert buyer > 2**31
    last = shown["last_message"]
    assert (last["id"], last["author_id"], last["direction"]) == (message, buyer, "in")
    assert last["content"] == {"text": "Торг уместен?"}


async def test_a_chat_about_a_profile_has_no_item_and_an_unknown_chat_is_not_there(seller: Seller) -> None:
    chat = await seller.chat(kind="u2u")
    assert "context" not in await seller.get(f"/messenger/v2/accounts/ME/chats/{chat}")
    assert (await seller.call("GET", "/messenger/v2/accounts/ME/chats/u2i-none")).status_code == 404


async def test_messages_come_newest_first_in_pages_and_stay_unread(seller: Seller) -> None:
    chat = await seller.chat()
    ids = [await seller.hears(chat, str(number)) for number in range(5)]
    listed = await seller.listed(chat)
    assert [message["id"] for message in listed] == ids[::-1]
    assert [message["id"] for message in await seller.listed(chat, "?limit=2&offset=1")] == [ids[3], ids[2]]
    assert not any(message["is_read"] for message in listed)
    assert await seller.chats("?unread_only=true") == [chat]


@pytest.mark.parametrize(("shape", "kind"), [("array", list), ("object", dict)])
async def test_messages_are_listed_in_either_of_two_shapes(world: World, shape: str, kind: type) -> None:
    seller = await world.seller(list_shape=shape)
    chat = await seller.chat()
    assert isinstance(await seller.get(f"/messenger/v3/accounts/ME/chats/{chat}/messages/"), kind)


async def test_by_default_the_two_shapes_take_turns(seller: Seller) -> None:
    shapes = [await seller.get(f"/messenger/v3/accounts/ME/chats/{await seller.chat()}/messages/") for _ in range(4)]
    assert shapes == [[], {"messages": []}, [], {"messages": []}]


@pytest.mark.parametrize("kind", ["file", "video", "appCall", "somethingNew"])
async def test_what_avito_does_not_give_away_comes_empty(seller: Seller, kind: str) -> None:
    chat = await seller.chat()
    await seller.hears(chat, type=kind)
    assert [(one["type"], one["content"]) for one in await seller.listed(chat)] == [(kind, {})]


@pytest.mark.parametrize("kind", ["link", "item", "location", "call", "image", "voice"])
async def test_each_kind_of_message_has_its_own_content(world: World, kind: str) -> None:
    seller = await world.seller(list_shape="object")
    chat = await seller.chat()
    await seller.hears(chat, type=kind)
    [message] = await seller.listed(chat)
    assert (message["type"], list(message["content"])) == (kind, [kind])


async def test_in_one_of_the_shapes_every_other_key_of_the_content_is_null(world: World) -> None:
    seller = await world.seller(list_shape="array")
    chat = await seller.chat()
    await seller.hears(chat, "Торг?")
    [message] = await seller.listed(chat)
    nulls = {"call", "flow_id", "image", "item", "link", "location", "voice"}
    assert message["content"] == dict.fromkeys(nulls) | {"text": "Торг?"}


async def test_older_messages_are_there_from_the_start_with_who_read_them(seller: Seller) -> None:
    await seller.subscribe()
    old = [
        {"text": "Второе", "author": "seller", "seconds_ago": 60, "seen": False},
        {"text": "Первое", "seconds_ago": 120},
        {"text": "Третье", "seconds_ago": 30, "is_read": False},
    ]
    chat = await seller.chat(messages=old)
    told = [(one["content"]["text"], one["is_read"], one["read"]) for one in await seller.listed(chat)]
    assert told == [("Третье", False, None), ("Второе", True, None), ("Первое", True, None)]
    assert seller.seen(chat)["unread"] == 1
    await seller.world.avito.hooks.settled()
    assert seller.world.ear.hooks() == []


async def test_a_quote_is_shown_with_what_it_quotes(seller: Seller) -> None:
    chat = await seller.chat()
    first = await seller.hears(chat, "Синий есть?")
    await seller.hears(chat, "Так есть?", quote_id=first)
    newest, oldest = await seller.listed(chat)
    assert (newest["quote"]["id"], newest["quote"]["content"]["text"]) == (first, "Синий есть?")
    assert "quote" not in oldest


async def test_reading_marks_the_whole_chat_and_the_buyers_reading_marks_what_was_sent(
    world: World, seller: Seller
) -> None:
    chat = await seller.chat()
    await seller.hears(chat)
    await seller.hears(chat)
    await seller.says(chat)
    assert (await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/read")).json() == {"ok": True}
    assert all(message["is_read"] for message in await seller.listed(chat))
    assert await seller.chats("?unread_only=true") == []
    assert (await seller.listed(chat))[0]["read"] is None
    await world.play(f"/{seller.id}/chats/{chat}/read")
    assert (await seller.listed(chat))[0]["read"] == int(world.clock())


# Sending


async def test_a_text_reaches_the_chat_once_and_is_answered_with_its_id(seller: Seller) -> None:
    chat = await seller.chat()
    sent = (await seller.says(chat, "Да, продаю")).json()
    assert set(sent) == {"id", "created", "direction", "type", "content"}
    assert (sent["direction"], sent["type"], sent["content"]) == ("out", "text", {"text": "Да, продаю"})
    [message] = await seller.listed(chat)
    assert (message["id"], message["author_id"], message["direction"]) == (sent["id"], seller.id, "out")
    seen = seller.seen(chat)
    assert (seen["posts"], seen["attempts"]) == (1, 1)
    assert [(one["text"], one["author"], one["via"]) for one in seen["messages"]] == [("Да, продаю", "Веломир", "api")]


async def test_a_sent_address_comes_back_as_a_link_with_the_text(world: World) -> None:
    seller = await world.seller(list_shape="object")
    chat = await seller.chat()
    text = "Смотрите: https://example.com/velo — там фото"
    assert (await seller.says(chat, text)).json()["type"] == "text"
    [message] = await seller.listed(chat)
    assert (message["type"], message["content"]["link"]["text"]) == ("link", text)
    assert seller.seen(chat)["messages"][0]["text"] == text


@pytest.mark.parametrize("text", ["", "  \n", "я" * 1001, "😀" * 501])
async def test_an_empty_or_a_too_long_text_is_refused(world: World, seller: Seller, text: str) -> None:
    chat = await seller.chat()
    assert (await seller.says(chat, text)).status_code == 400
    assert (seller.seen(chat)["messages"], len(world.violations())) == ([], 1)


@pytest.mark.parametrize("text", ["я" * 1000, "😀" * 500])
async def test_a_text_of_a_thousand_is_taken(world: World, seller: Seller, text: str) -> None:
    chat = await seller.chat()
    assert (await seller.says(chat, text)).status_code == 200
    assert world.violations() == []


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"message": {"text": "Да"}}},
        {"json": {"message": {"text": "Да"}, "type": "image"}},
        {"json": {"text": "Да", "type": "text"}},
        {"json": {"message": {"text": 5}, "type": "text"}},
        {"content": b"not json", "headers_type": "application/json"},
        {"data": {"message": "Да", "type": "text"}},
    ],
)
async def test_a_body_that_the_schema_does_not_know_is_refused_and_noted(
    world: World, seller: Seller, how: dict[str, Any]
) -> None:
    chat = await seller.chat()
    path = f"{world.origin}/messenger/v1/accounts/{seller.id}/chats/{chat}/messages"
    headers = {"Authorization": f"Bearer {seller.token}"}
    if content_type := how.pop("headers_type", None):
        headers["Content-Type"] = content_type
    refused = await world.http.post(path, headers=headers, **how)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 400)
    assert (seller.seen(chat)["posts"], len(world.violations())) == (0, 1)


async def test_a_picture_is_uploaded_sent_and_found_under_its_largest_size(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    data = picture("PNG")
    uploaded = await seller.call(
        "POST", "/messenger/v1/accounts/ME/uploadImages", files={"uploadfile[]": ("a.png", data, "image/png")}
    )
    [(image_id, sizes)] = uploaded.json().items()
    body = {"image_id": image_id}
    sent = await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/messages/image", json=body)
    assert (sent.json()["type"], sent.json()["author_id"]) == ("image", seller.id)
    assert sent.json()["content"]["image"]["sizes"] == sizes
    assert (await world.http.get(sizes["1280x960"])).content == data
    small = Image.open(io.BytesIO((await world.http.get(sizes["140x105"])).content))
    assert max(small.size) == 140
    shown = seller.seen(chat)["messages"][0]["content"]["image"]["sizes"]["1280x960"]
    assert urlsplit(sizes["1280x960"]).path == shown


@pytest.mark.parametrize(
    "files",
    [
        [("uploadfile[]", ("a.webp", picture("WEBP"), "image/webp"))],
        [("uploadfile[]", ("a.png", b"no picture", "image/png"))],
        [("uploadfile[]", ("a.bmp", picture("BMP") + bytes(24 * 1024 * 1024), "image/bmp"))],
        [("uploadfile[]", ("a.png", picture("PNG"), "image/png"))] * 2,
        [("uploadfile", ("a.png", picture("PNG"), "image/png"))],
    ],
    ids=["webp", "no picture", "24 MB", "two", "wrong field"],
)
async def test_only_one_picture_of_a_known_format_can_be_uploaded(
    world: World, seller: Seller, files: list[Any]
) -> None:
    refused = await seller.call("POST", "/messenger/v1/accounts/ME/uploadImages", files=files)
    assert (refused.status_code, len(world.violations())) == (400, 1)
    assert world.avito.view()["images"] == {}


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "BMP"])
async def test_every_published_format_is_taken(seller: Seller, kind: str) -> None:
    files = {"uploadfile[]": ("a", picture(kind), f"image/{kind.lower()}")}
    assert (await seller.call("POST", "/messenger/v1/accounts/ME/uploadImages", files=files)).status_code == 200


async def test_a_picture_of_another_account_cannot_be_sent(world: World, seller: Seller) -> None:
    chat, other = await seller.chat(), await world.seller()
    files = {"uploadfile[]": ("a.png", picture("PNG"), "image/png")}
    uploaded = await other.call("POST", "/messenger/v1/accounts/ME/uploadImages", files=files)
    body = {"image_id": next(iter(uploaded.json()))}
    refused = await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/messages/image", json=body)
    assert (refused.status_code, seller.seen(chat)["posts"]) == (400, 0)


async def test_a_voice_is_opus_in_mp4_behind_a_link_that_lives_an_hour(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    await seller.hears(chat, type="voice")
    voice_id = (await seller.listed(chat))[0]["content"]["voice"]["voice_id"]
    path = f"/messenger/v1/accounts/ME/getVoiceFiles?voice_ids={voice_id}"
    link = (await seller.get(path))["voices_urls"][voice_id]
    world.clock.advance(HOUR - 1)
    with av.open(io.BytesIO((await world.http.get(link)).content)) as container:
        assert container.format.name.startswith("mov,mp4")
        assert container.streams.audio[0].codec_context.name == "opus"
    world.clock.advance(1)
    assert (await world.http.get(link)).status_code == 403
    again = (await seller.get(path))["voices_urls"][voice_id]
    assert (await world.http.get(again)).status_code == 200
    other = await world.seller()
    assert (await other.get(path))["voices_urls"] == {}


async def test_an_own_message_can_be_deleted_for_an_hour_and_stays_as_deleted(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    early, late = (await seller.says(chat, "раз")).json()["id"], (await seller.says(chat, "два")).json()["id"]
    buyers = await seller.hears(chat)
    path = f"/messenger/v1/accounts/ME/chats/{chat}/messages/"
    assert (await seller.call("POST", path + buyers)).status_code == 403
    world.clock.advance(HOUR - 1)
    assert (await seller.call("POST", path + early)).json() == {}
    world.clock.advance(2)
    assert (await seller.call("POST", path + late)).status_code == 400
    told = {one["id"]: (one["type"], one["text"]) for one in seller.seen(chat)["messages"]}
    assert told == {early: ("deleted", None), late: ("text", "два"), buyers: ("text", "Ещё продаёте?")}


async def test_a_blocked_buyer_writes_no_more(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    body = {"users": [{"user_id": seller.seen(chat)["buyer_id"], "context": {"item_id": 1, "reason_id": 1}}]}
    blocked = await seller.call("POST", "/messenger/v2/accounts/ME/blacklist", json=body)
    assert (blocked.status_code, blocked.content, seller.seen(chat)["blocked"]) == (200, b"", 1)
    refused = await world.http.post(f"/sandbox/accounts/{seller.id}/chats/{chat}/messages", json={"text": "А?"})
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/messenger/v3/webhook"),
        ("GET", "/messenger/v1/subscriptions"),
        ("DELETE", "/messenger/v1/accounts/ME/chats/c/messages/m"),
        ("GET", "/messenger/v3/accounts/ME/chats/c/messages"),
        ("POST", "/messenger/v2/accounts/ME/chats/c/typing"),
    ],
)
async def test_a_call_that_is_not_published_is_not_there_and_noted(
    world: World, seller: Seller, method: str, path: str
) -> None:
    assert (await seller.call(method, path)).status_code == 404
    assert len(world.violations()) == 1


# Webhooks


async def test_an_address_is_probed_with_a_form_before_it_is_taken(world: World, seller: Seller) -> None:
    assert (await seller.subscribe()).json() == {"ok": True}
    assert world.ear.heard == [Heard("application/x-www-form-urlencoded", b"{}")]
    listed = await seller.call("POST", "/messenger/v1/subscriptions")
    assert listed.json() == {"subscriptions": [{"url": f"{world.origin}/ear", "version": "3"}]}


async def test_an_address_that_does_not_answer_200_is_refused(world: World, seller: Seller) -> None:
    world.ear.status = 422
    assert (await seller.subscribe()).status_code == 400
    assert (await seller.subscribe("/nowhere")).status_code == 400
    assert (await seller.call("POST", "/messenger/v1/subscriptions")).json() == {"subscriptions": []}


async def test_an_address_that_is_silent_for_two_seconds_is_refused(world: World, seller: Seller) -> None:
    world.ear.silent = True
    assert (await seller.subscribe()).status_code == 400


async def test_a_buyers_message_and_its_echo_are_announced_as_avito_does(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    hers = await seller.hears(chat)
    own = (await seller.says(chat)).json()["id"]
    await world.play(f"/{seller.id}/chats/{chat}/as-seller", text="Пишу из приложения")
    await world.avito.hooks.settled()
    bought, echo, app = world.ear.hooks()
    assert (bought["id"], bought["author_id"]) == (hers, seller.seen(chat)["buyer_id"])
    assert (echo["id"], echo["author_id"], app["author_id"]) == (own, seller.id, seller.id)
    assert {hook["user_id"] for hook in (bought, echo, app)} == {seller.id}
    assert set(bought) == {
        *("id", "chat_id", "user_id", "author_id", "created", "published_at"),
        *("type", "chat_type", "content", "item_id", "read"),
    }
    assert (bought["chat_type"], bought["item_id"]) == ("u2i", seller.seen(chat)["item"]["id"])
    assert {one.content_type for one in world.ear.heard[1:]} == {"application/json"}
    assert (bought["created"], bought["published_at"]) == (1_800_000_000, "2027-01-15T08:00:00Z")


async def test_what_the_seller_writes_in_the_app_marks_the_chat_as_read(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    await seller.hears(chat)
    await world.play(f"/{seller.id}/chats/{chat}/as-seller", text="Да")
    seen = seller.seen(chat)
    assert (seen["unread"], seen["posts"], [one["via"] for one in seen["messages"]]) == (0, 0, ["buyer", "app"])


async def test_a_second_subscription_is_added_and_an_unsubscribed_address_hears_no_more(
    world: World, seller: Seller
) -> None:
    await seller.subscribe()
    await seller.subscribe()
    await seller.subscribe("/ear?second")
    chat = await seller.chat()
    await seller.hears(chat)
    await world.avito.hooks.settled()
    assert len(world.ear.hooks()) == 2
    for url in (f"{world.origin}/ear", f"{world.origin}/ear?second"):
        gone = await seller.call("POST", "/messenger/v1/webhook/unsubscribe", json={"url": url})
        assert gone.json() == {"ok": True}
    await seller.hears(chat)
    await world.avito.hooks.settled()
    assert len(world.ear.hooks()) == 2


async def test_a_message_that_the_buyer_deletes_stays_as_deleted_and_is_announced(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    message = await seller.hears(chat)
    await world.play(f"/{seller.id}/chats/{chat}/messages/{message}/delete")
    await world.avito.hooks.settled()
    assert [(one["id"], one["type"]) for one in world.ear.hooks()] == [(message, "text"), (message, "deleted")]
    assert [one["type"] for one in await seller.listed(chat)] == ["deleted"]


async def test_an_early_echo_is_heard_before_the_answer(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.EARLY_ECHO)
    sent = await seller.says(chat)
    assert [hook["id"] for hook in world.ear.hooks()] == [sent.json()["id"]]


async def test_a_lost_hook_is_never_heard_and_a_doubled_one_twice(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.LOST_HOOKS, times=1)
    await seller.hears(chat, "раз")
    world.fail(Fault.DUPLICATE_HOOKS, times=1)
    await seller.hears(chat, "два")
    await world.avito.hooks.settled()
    assert [hook["content"]["text"] for hook in world.ear.hooks()] == ["два", "два"]
    assert [one["content"]["text"] for one in await seller.listed(chat)] == ["два", "раз"]


# Faults


@pytest.mark.parametrize(
    ("fault", "status", "page"),
    [
        (Fault.TOO_MANY, 429, False),
        (Fault.TOO_MANY_BARE, 429, True),
        (Fault.SERVER_ERROR, 500, False),
        (Fault.HTML, 502, True),
        (Fault.PAYMENT_REQUIRED, 402, False),
    ],
)
async def test_a_fault_before_the_work_leaves_no_message(
    world: World, seller: Seller, fault: Fault, status: int, page: bool
) -> None:
    chat = await seller.chat()
    world.fail(fault, path="/messages", times=1, seconds=3)
    failed = await seller.says(chat)
    assert (failed.status_code, failed.headers["content-type"].startswith("text/html")) == (status, page)
    assert failed.headers.get("retry-after") == ("3" if fault is Fault.TOO_MANY else None)
    assert page or failed.json()["error"]["code"] == status
    assert (await seller.says(chat)).status_code == 200
    seen = seller.seen(chat)
    assert (len(seen["messages"]), seen["posts"], seen["attempts"]) == (1, 1, 2)


async def test_a_page_after_the_work_hides_that_the_message_was_sent(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.HTML_AFTER, path="/messages")
    assert (await seller.says(chat)).status_code == 502
    await world.avito.hooks.settled()
    assert (seller.seen(chat)["posts"], len(world.ear.hooks())) == (1, 1)


async def test_a_dropped_connection_hides_that_the_message_was_sent(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.DROPPED, path="/messages")
    with pytest.raises(httpx.TransportError):
        await seller.says(chat)
    await world.avito.hooks.settled()
    assert (seller.seen(chat)["posts"], len(world.ear.hooks())) == (1, 1)


async def test_an_own_message_may_be_missing_in_the_list_for_a_while(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    await seller.hears(chat)
    world.fail(Fault.LATE_LISTS, seconds=10)
    sent = (await seller.says(chat)).json()["id"]
    world.clock.advance(9.9)
    assert [one["direction"] for one in await seller.listed(chat)] == ["in"]
    assert (await seller.get(f"/messenger/v2/accounts/ME/chats/{chat}"))["last_message"]["direction"] == "in"
    world.clock.advance(0.1)
    assert (await seller.listed(chat))[0]["id"] == sent


async def test_the_headers_tell_the_rate_and_the_call_over_it_is_refused_until_the_next_minute(
    world: World, seller: Seller
) -> None:
    await world.play(f"/{seller.id}/limit", per_minute=2)
    answers = [await seller.call("GET", "/core/v1/accounts/self") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[0].headers["x-ratelimit-limit"] == "2"
    world.clock.advance(int(answers[2].headers["retry-after"]))
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 200


# Keeping


async def test_everything_is_the_same_after_a_restart(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    first = await seller.hears(chat, "Синий есть?")
    await seller.hears(chat, quote_id=first)
    await seller.says(chat)
    saved = json.loads(json.dumps(world.avito.snapshot()))
    before, listed = world.avito.view(), await seller.listed(chat)
    world.avito.restore({})
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 401
    world.avito.restore(saved)
    assert (world.avito.view(), await seller.listed(chat)) == (before, listed)


async def test_the_page_is_told_of_every_change_and_of_nothing_else(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    told = len(world.changes)
    await seller.listed(chat)
    await seller.chats()
    assert len(world.changes) == told
    await seller.hears(chat)
    await seller.says(chat)
    await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/read")
    assert len(world.changes) == told + 3
