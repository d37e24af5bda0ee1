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

    organisation: ConnectedOrganisation
    chat: BuyerChat
    secrets: dict[str, str] = field(repr=False)

    @property
    def marks(self) -> dict[str, str]:
        return WORDS | self.secrets


@pytest.fixture(scope="module")
async def marked(product: Product, sandbox_client: SandboxClient) -> AsyncIterator[Marked]:
    """Everything is said once, in every direction."""
    await sandbox_client.begin()
    async with ConnectedOrganisation(product, sandbox_client) as organisation:
        await organisation.change(
            auto_reply_enabled=True,
            auto_reply_always=True,
            auto_reply_timezone="Europe/Moscow",
            auto_reply_text=WORDS["auto-reply"],
            auto_reply_delay_seconds=1,
        )
        await organisation.connect()
        chat = await organisation.chat(WORDS["buyer's name"])
        await chat.says(WORDS["buyer's words"])
        await chat.gets(WORDS["auto-reply"])
        await chat.writes(WORDS["staff's words"])
        await chat.writes(f"// {WORDS['words of a note']}")
        await chat.writes(kind="photo", caption=WORDS["caption"])
        await chat.gets(WORDS["caption"])
        path = f"/api/dialogs/{(await chat.dialog())['id']}"
        good(await organisation.manager_app.ask("POST", f"{path}/messages", {"text": WORDS["words from the web"]}), 201)
        await chat.gets(WORDS["words from the web"])
        await organisation.settled()
        yield Marked(organisation, chat, await secrets_of(organisation))


async def secrets_of(organisation: ConnectedOrganisation) -> dict[str, str]:
    bot, account = await hooks_of(organisation)
    return {
        "token of the bot": organisation.token.partition(":")[2],
        "secret of the key": organisation.secret,
        "secret of the bot's webhook": bot.rpartition("/")[2],
        "secret of the account's webhook": account.rpartition("/")[2],
    }


async def hooks_of(organisation: ConnectedOrganisation) -> tuple[str, str]:
    """The addresses that Telegram and Avito call."""
    state = await organisation.sandbox_client.get("/state")
    [bot] = [one["webhook"]["url"] for one in state["bots"] if one["token"] == organisation.token]
    [account] = (await organisation.sandbox_client.account(organisation.user_id))["subscriptions"]
    return bot, account


async def test_no_history_of_any_workflow_tells_of_it(product: Product, marked: Marked) -> None:
    found = await stored_data.histories(product)
    assert any(conversation_id(marked.organisation.account["id"], marked.chat.chat_id) in place for place in found)
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
    organisation = marked.organisation
    dialog = await marked.chat.dialog()
    paths = ("/bots/", "/avito/accounts", "/clients/me", "/dialogs/", f"/dialogs/{dialog['id']}")
    answers = {path: json.dumps(await organisation.manager_app.get(path)).encode() for path in paths}
    assert stored_data.where(marked.secrets, answers) == []
    assert stored_data.where({"buyer's words": WORDS["buyer's words"]}, answers) != []


async def test_a_webhook_with_a_wrong_secret_is_a_place_that_there_is_not(marked: Marked) -> None:
    async with httpx.AsyncClient(trust_env=False) as stranger:
        for url in await hooks_of(marked.organisation):
            base, _, secret = url.rpartition("/")
            owner = base.rpartition("/")[0]
            for wrong in (f"{base}/{secret[:-1]}A{secret[-1]}", f"{base}/x", f"{owner}/{uuid4()}/{secret}"):
                refused(await stranger.post(wrong, content=b"{}"), 404, "not-found")
            proof = {"X-Telegram-Bot-Api-Secret-Token": secret}
            assert (await stranger.post(url, content=b"{}", headers=proof)).status_code == 200


@pytest.mark.parametrize("chat", ["known", "invented"])
async def test_what_a_forged_webhook_says_is_shown_nowhere(marked: Marked, chat: str) -> None:
    """The secret is the right one; Avito knows nothing of the message."""
    organisation, conversation = marked.organisation, marked.chat
    before, topics = texts(await conversation.posts()), len(await organisation.topics())
    _, url = await hooks_of(organisation)
    body = forged(organisation.user_id, conversation.chat_id if chat == "known" else f"u2i-{uuid4()}")
    async with httpx.AsyncClient(trust_env=False) as stranger:
        assert (await stranger.post(url, json=body)).status_code == 200
    await organisation.swept()
    await organisation.settled()
    assert texts(await conversation.posts()) == before
    assert len(await organisation.topics()) == topics
    assert len(await organisation.dialogs()) == topics


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
            await marked.chat.says(type="image", content={"image": {"sizes": {"1280x960": address}}})
        await marked.chat.says("после картинок")
        await marked.chat.shows("после картинок")
    told = [text for text in texts(await marked.chat.posts()) if "изображение: Avito его не отдаёт" in text]
    assert len(told) == 2
    assert asked == []
