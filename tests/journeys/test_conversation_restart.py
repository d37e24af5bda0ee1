"""Everything of ours is killed and started again while auto-replies are pending: each comes once, and on time."""

import time
from datetime import datetime
from typing import Any

import pytest

from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation
from tests.journeys.product import PROGRAMS, Product, eventually
from tests.journeys.sandbox_client import SandboxClient

LATENESS = 15.0
"""Seconds after its time, or after everything is there again; 2 on an idle machine, and a loaded one proves nothing."""

SERVERS = ("postgres", "temporal")
TEXT = "Спасибо за сообщение, скоро ответим!"
RULES = {
    "auto_reply_enabled": True,
    "auto_reply_always": True,
    "auto_reply_timezone": "Europe/Moscow",
    "auto_reply_text": TEXT,
}


@pytest.mark.timeout(300)
async def test_an_auto_reply_comes_once_and_on_time_whatever_was_restarted(
    product: Product, organisation: ConnectedOrganisation, sandbox_client: SandboxClient
) -> None:
    await organisation.connect()
    after = await waiting(organisation, "Тот, чьё время после", delay=75)
    during = await waiting(organisation, "Тот, чьё время посреди", delay=15)
    dues = [await due(chat) for chat in (during, after)]
    for name in (*PROGRAMS, *reversed(SERVERS)):
        await product.do(product.kill, name)
    assert time.time() < dues[0]
    await eventually(lambda: is_past(dues[0]), "the first auto-reply is due while nobody is there")
    for name in (*SERVERS, *PROGRAMS):
        await product.do(product.start, name)
    await product.ready()
    ready = time.time()
    for chat, at in zip((during, after), dues, strict=True):
        await chat.gets(TEXT)
        assert at <= await posted_at(chat) <= max(at, ready) + LATENESS
    await organisation.settled()
    await organisation.swept()
    assert [len(await chat.received()) for chat in (during, after)] == [1, 1]
    assert await sandbox_client.violations() == []


async def waiting(organisation: ConnectedOrganisation, buyer: str, delay: int) -> BuyerChat:
    """A buyer whose auto-reply is `delay` seconds away."""
    await organisation.change(**RULES, auto_reply_delay_seconds=delay)
    chat = await organisation.chat(buyer)
    await chat.says("Здравствуйте!")
    await chat.shows("Здравствуйте!")
    return chat


async def due(chat: BuyerChat) -> float:
    query = "SELECT auto_reply_due_at FROM dialogs WHERE avito_dialog_id = $1"
    at: datetime = await chat.organisation.product.value(query, chat.chat_id)
    return at.timestamp()


async def is_past(at: float) -> bool:
    return time.time() > at


async def posted_at(chat: BuyerChat) -> float:
    """By the clock of the world outside."""

    def is_post(call: Any) -> bool:
        return bool(call["method"] == "POST" and call["path"].endswith(f"/{chat.chat_id}/messages"))

    [call] = [call for call in await chat.sandbox_client.calls("avito") if is_post(call)]
    return float(call["at"])
