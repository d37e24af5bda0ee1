"""Forged and foreign things do nothing, and what people say to each other is read by nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys import stored_data
from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation, texts
from tests.journeys.http_callers import good, refused
from tests.journeys.product import Product
from tests.journeys.sandbox_client import SandboxClient
from workflows.conversations.start import conversation_id

WORDS = {
    "buyer's name": "Заметнослав Покупаев",
    "buyer's words": "куплю розового бегемота на вырост",
    "staff's words": "бегемот линяет по четвергам",
    "words of a note": "бегемота не уступать дешевле слона",
    "words from the web": "бегемот ждёт вас у фонтана",
    "caption": "бегемот в профиль на закате",
    "auto-reply": "Бегемоты отдыхают, ответим к ужину",
}


@dataclass(frozen=True)
class Marked:
    """A shop of which every value is known nowhere else."""

    shop: ConnectedOrganisation
    talk: BuyerChat
    secrets: dict[str, str] = field(repr=False)

    @property
    def marks(self) -> dict[str, str]:
        return WORDS | self.secrets


@pytest.fixture(scope="module")
async def marked(product: Product, outside: SandboxClient) -> AsyncIterator[Marked]:
    """Everything is said once, in every direction."""
    await outside.begin()
    async with ConnectedOrganisation(product, outside) as shop:
        await shop.change(
            auto_reply_enabled=True,
            auto_reply_always=True,
            auto_reply_timezone="Europe/Moscow",
            auto_reply_text=WORDS["auto-reply"],
            auto_reply_delay_seconds=1,
        )
        await shop.connect()
        talk = await shop.chat(WORDS["buyer's name"])
        await talk.says(WORDS["buyer's words"])
        await talk.gets(WORDS["auto-reply"])
        await talk.writes(WORDS["staff's words"])
        await talk.writes(f"// {WORDS['words of a note']}")
        await talk.writes(kind="photo", caption=WORDS["caption"])
        await talk.gets(WORDS["caption"])
        path = f"/api/dialogs/{(await talk.dialog())['id']}"
        good(await shop.office.ask("POST", f"{path}/messages", {"text": WORDS["words from the web"]}), 201)
        await talk.gets(WORDS["words from the web"])
        await shop.settled()
        yield Marked(shop, talk, await secrets_of(shop))


async def secrets_of(shop: ConnectedOrganisation) -> dict[str, str]:
    bot, account = await hooks_of(shop)
    return {
        "token of the bot": shop.token.partition(":")[2],
        "secret of the key": shop.secret,
        "secret of the bot's webhook": bot.rpartition("/")[2],
        "secret of the account's webhook": account.rpartition("/")[2],
    }


async def hooks_of(shop: ConnectedOrganisation) -> tuple[str, str]:
    """The addresses that Telegram and Avito call."""
    state = await shop.outside.get("/state")
    [bot] = [one["webhook"]["url"] for one in state["bots"] if one["token"] == shop.token]
    [account] = (await shop.outside.account(shop.user_id))["subscriptions"]
    return bot, account


async def test_no_history_of_any_workflow_tells_of_it(product: Product, marked: Marked) -> None:
    found = await stored_data.histories(product)
    assert any(conversation_id(marked.shop.account["id"], marked.talk.chat_id) in place for place in found)
    assert stored_data.where(marked.marks, found) == []


async def test_no_byte_of_the_servers_own_file_tells_of_it(product: Product, marked: Marked) -> None:
    assert stored_data.where(marked.marks, stored_data.temporal_files(product)) == []


async def test_no_log_of_any_process_tells_of_it(product: Product, marked: Marked) -> None:
    logs = stored_data.logs(product)
    assert b"/api/webhooks/avito/{account_id}/{secret}" in logs["log of api"]
    assert stored_data.where(marked.marks, logs) == []


async def test_nothing_that_was_said_and_no_secret_is_in_clear_in_the_database(
    product: Product, marked: Marked
) -> None:
    found = await stored_data.dump(product)
    found.pop("organisations.auto_reply_text")
    sealed = {what: mark for what, mark in marked.marks.items() if what != "buyer's name"}
    assert found["dialog_messages.body_sealed"]
    assert stored_data.where(sealed, found) == []


async def test_no_answer_of_the_api_holds_a_secret(marked: Marked) -> None:
    shop = marked.shop
    dialog = await marked.talk.dialog()
    paths = ("/bots/", "/avito/accounts", "/clients/me", "/dialogs/", f"/dialogs/{dialog['id']}")
    answers = {path: json.dumps(await shop.office.get(path)).encode() for path in paths}
    assert stored_data.where(marked.secrets, answers) == []
    assert stored_data.where({"buyer's words": WORDS["buyer's words"]}, answers) != []


async def test_a_webhook_with_a_wrong_secret_is_a_place_that_there_is_not(marked: Marked) -> None:
    async with httpx.AsyncClient(trust_env=False) as stranger:
        for url in await hooks_of(marked.shop):
            base, _, secret = url.rpartition("/")
            owner = base.rpartition("/")[0]
            for wrong in (f"{base}/{secret[:-1]}A{secret[-1]}", f"{base}/x", f"{owner}/{uuid4()}/{secret}"):
                refused(await stranger.post(wrong, content=b"{}"), 404, "not-found")
            assert (await stranger.post(url, content=b"{}")).status_code == 200


@pytest.mark.parametrize("chat", ["known", "invented"])
async def test_what_a_forged_webhook_says_is_shown_nowhere(marked: Marked, chat: str) -> None:
    """The secret is the right one; Avito knows nothing of the message."""
    shop, talk = marked.shop, marked.talk
    before, topics = texts(await talk.posts()), len(await shop.topics())
    _, url = await hooks_of(shop)
    body = forged(shop.user_id, talk.chat_id if chat == "known" else f"u2i-{uuid4()}")
    async with httpx.AsyncClient(trust_env=False) as stranger:
        assert (await stranger.post(url, json=body)).status_code == 200
    await shop.swept()
    await shop.settled()
    assert texts(await talk.posts()) == before
    assert len(await shop.topics()) == topics
    assert len(await shop.dialogs()) == topics


def forged(user_id: int, chat_id: str) -> dict[str, Any]:
    value = {
        "id": uuid4().hex,
        "chat_id": chat_id,
        "user_id": user_id,
        "author_id": 1,
        "created": 1_790_000_000,
        "published_at": "2026-09-21T00:00:00Z",
        "type": "text",
        "chat_type": "u2i",
        "content": {"text": "Переведите предоплату сюда"},
        "item_id": None,
        "read": None,
    }
    payload = {"type": "message", "value": value}
    return {"id": uuid4().hex, "version": "v3.0.0", "timestamp": 1_790_000_000, "payload": payload}


async def test_a_picture_from_a_foreign_address_is_told_of_and_not_fetched(marked: Marked) -> None:
    asked: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        for address in (f"http://127.0.0.1:{port}/a.jpg", f"http://localhost:{port}/b.jpg"):
            await marked.talk.says(type="image", content={"image": {"sizes": {"1280x960": address}}})
        await marked.talk.says("после картинок")
        await marked.talk.shows("после картинок")
    told = [text for text in texts(await marked.talk.posts()) if "изображение: Avito его не отдаёт" in text]
    assert len(told) == 2
    assert asked == []
