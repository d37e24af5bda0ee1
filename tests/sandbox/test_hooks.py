"""Webhooks keep the order of a chat, repeat what was not taken, and hold nobody else up."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from sandbox import hooks as delivery
from sandbox.faults import Fault, Faults, Setting, Side
from sandbox.hooks import Hooks
from tests.sandbox.conftest import Ears, until

NOWHERE = "http://127.0.0.1:9/hook"


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def hooks(faults: Faults) -> AsyncIterator[Hooks]:
    made = Hooks(faults)
    yield made
    await made.close()


def send(hooks: Hooks, url: str, chat: int, text: str, side: Side = Side.TELEGRAM) -> "asyncio.Future[bool]":
    body = json.dumps({"chat": {"id": chat}, "text": text}).encode()
    return hooks.send(side, f"{side}/{chat}", url, {}, body)


def texts(ears: Ears, chat: int) -> list[str]:
    return [heard["text"] for heard in ears.heard if heard["chat"]["id"] == chat]


async def test_chat_keeps_its_order_one_at_a_time_while_another_goes_beside(hooks: Hooks, ears: Ears) -> None:
    ears.open.clear()
    for number in range(10):
        send(hooks, ears.url, 1, str(number))
    other = send(hooks, ears.url, 2, "мимо")
    await until(lambda: ears.at_once == {1: 1, 2: 1})
    ears.open.set()
    assert await other
    await hooks.settled()
    assert texts(ears, 1) == [str(number) for number in range(10)]
    assert ears.most_at_once == {1: 1, 2: 1}


async def test_telegram_repeats_until_it_is_taken_and_the_next_one_waits(hooks: Hooks, ears: Ears) -> None:
    ears.statuses = [500, 404, 302]
    errors: list[str] = []
    first = hooks.send(Side.TELEGRAM, "1", ears.url, {}, b'{"text": "1"}', on_error=errors.append)
    second = hooks.send(Side.TELEGRAM, "1", ears.url, {}, b'{"text": "2"}')
    assert await first
    assert await second
    assert [heard["text"] for heard in ears.heard] == ["1", "2"]
    assert errors == [f"Wrong response from the webhook: {status}" for status in (500, 404, 302)]


async def test_avito_gives_up_after_three_tries(hooks: Hooks, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "AVITO_PAUSES", (0.0, 0.0))
    ears.statuses = [500, 500, 500]
    assert not await send(hooks, ears.url, 1, "потеряно", Side.AVITO)
    assert await send(hooks, ears.url, 1, "дошло", Side.AVITO)
    assert texts(ears, 1) == ["дошло"]


async def test_forgotten_address_gets_nothing_more(hooks: Hooks, ears: Ears) -> None:
    lost = send(hooks, NOWHERE, 1, "раз")
    kept = send(hooks, ears.url, 2, "два")
    hooks.forget(NOWHERE, Side.TELEGRAM)
    assert not await lost
    assert await kept
    assert hooks.waiting() == 0


async def test_swapped_hook_comes_after_the_next_one(hooks: Hooks, faults: Faults, ears: Ears) -> None:
    faults.set(Setting(Side.AVITO, Fault.REORDERED_HOOKS, times=1, seconds=60))
    first, second = (send(hooks, ears.url, 1, text, Side.AVITO) for text in ("раз", "два"))
    assert await first
    assert await second
    assert texts(ears, 1) == ["два", "раз"]


async def test_swapped_hook_without_a_next_one_comes_late(hooks: Hooks, faults: Faults, ears: Ears) -> None:
    faults.set(Setting(Side.AVITO, Fault.REORDERED_HOOKS, times=1, seconds=0.01))
    assert await send(hooks, ears.url, 1, "раз", Side.AVITO)
    assert texts(ears, 1) == ["раз"]


async def test_late_hook_is_not_there_at_once_but_comes(hooks: Hooks, faults: Faults, ears: Ears) -> None:
    faults.set(Setting(Side.AVITO, Fault.LATE_HOOKS, times=1, seconds=0.05))
    late = send(hooks, ears.url, 1, "поздно", Side.AVITO)
    assert await send(hooks, ears.url, 2, "сразу", Side.AVITO)
    assert texts(ears, 1) == []
    assert await late
    assert texts(ears, 1) == ["поздно"]


async def test_probe_tells_the_status_or_that_nobody_answers(hooks: Hooks, ears: Ears) -> None:
    ears.statuses = [404]
    assert await hooks.probe(ears.url, {}, b"{}", 2.0) == 404
    assert await hooks.probe(NOWHERE, {}, b"{}", 2.0) is None
