"""Faults strike when they are told to, in the shapes that aiogram reports from the real service."""

import asyncio

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile
from aiohttp import ServerDisconnectedError

from sandbox.faults import Fault, Faults, Setting, Side
from sandbox.telegram.kinds import SAMPLE_OGG
from tests.sandbox.conftest import Ears, Served

CALLS = 6


def struck(faults: Faults, side: Side, fault: Fault, *paths: str) -> list[bool]:
    return [faults.strikes(side, fault, path) is not None for path in paths]


def test_every_second_call_is_struck_as_often_as_was_said() -> None:
    faults = Faults()
    faults.set(Setting(Side.AVITO, Fault.HTML, every=2, times=2))
    assert struck(faults, Side.AVITO, Fault.HTML, *["GET /chats"] * CALLS) == [False, True, False, True, False, False]


def test_other_side_other_fault_and_other_path_are_left_alone() -> None:
    faults = Faults()
    faults.set(Setting(Side.AVITO, Fault.HTML, path="/messages"))
    assert struck(faults, Side.TELEGRAM, Fault.HTML, "/messages") == [False]
    assert struck(faults, Side.AVITO, Fault.DROPPED, "/messages") == [False]
    assert struck(faults, Side.AVITO, Fault.HTML, "GET /chats", "POST /messages") == [False, True]


def test_cleared_fault_is_over_and_one_set_anew_counts_anew() -> None:
    faults = Faults()
    once = Setting(Side.AVITO, Fault.HTML, times=1)
    faults.set(once)
    faults.set(once)
    assert struck(faults, Side.AVITO, Fault.HTML, "a", "a") == [True, False]
    faults.set(once)
    faults.clear(Side.AVITO)
    assert struck(faults, Side.AVITO, Fault.HTML, "a") == [False]


@pytest.mark.parametrize(
    ("side", "fault"), [(Side.TELEGRAM, Fault.PAYMENT_REQUIRED), (Side.AVITO, Fault.TOPIC_DELETED)]
)
async def test_fault_of_the_other_side_is_refused(telegram: Served, side: Side, fault: Fault) -> None:
    answer = await telegram.http.post("/sandbox/faults", json={"side": side, "fault": fault})
    assert answer.status_code == 422
    assert (await telegram.http.get("/sandbox/faults")).json() == []


def sent(telegram: Served, chat_id: int) -> list[str]:
    return [message.content["text"] for message in telegram.world.telegram.groups[chat_id].messages.values()]


async def test_too_many_says_how_long_to_wait_and_does_nothing(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.fault("too-many", times=1, seconds=7)
    with pytest.raises(TelegramRetryAfter) as told:
        await telegram.bot.send_message(chat_id, "да")
    assert told.value.retry_after == 7
    assert sent(telegram, chat_id) == []
    await telegram.bot.send_message(chat_id, "да")
    assert sent(telegram, chat_id) == ["да"]


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        ("too-many-bare", TelegramAPIError, False),
        ("server-error", TelegramServerError, False),
        ("html", ClientDecodeError, False),
        ("html-after", ClientDecodeError, True),
        ("dropped", TelegramNetworkError, True),
    ],
)
async def test_answer_goes_wrong_before_or_after_the_effect(
    telegram: Served, fault: str, error: type[Exception], done: bool
) -> None:
    chat_id = await telegram.group()
    await telegram.fault(fault, times=1, path="sendMessage")
    with pytest.raises(error) as raised:
        await telegram.bot.send_message(chat_id, "да")
    assert sent(telegram, chat_id) == (["да"] if done else [])
    if fault == "dropped":
        assert isinstance(raised.value.__cause__, ServerDisconnectedError)
    assert telegram.world.journal.calls()[-1].outcome == fault
    assert telegram.world.journal.violations() == []


async def test_deleted_topics_are_those_that_were_there_new_ones_live(telegram: Served) -> None:
    chat_id = await telegram.group()
    old = await telegram.bot.create_forum_topic(chat_id, "Старая")
    await telegram.fault("topic-deleted")
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await telegram.bot.send_message(chat_id, "да", message_thread_id=old.message_thread_id)
    new = await telegram.bot.create_forum_topic(chat_id, "Новая")
    await telegram.bot.send_message(chat_id, "да", message_thread_id=new.message_thread_id)


async def test_closed_topic_stays_open_once_it_is_opened_again(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = (await telegram.bot.create_forum_topic(chat_id, "Ольга")).message_thread_id
    await telegram.fault("topic-closed")
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    await telegram.bot.reopen_forum_topic(chat_id, thread_id)
    await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)


async def test_group_moves_under_the_bots_feet_once(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.fault("group-migrated")
    with pytest.raises(TelegramMigrateToChat) as moved:
        await telegram.bot.send_message(chat_id, "да")
    await telegram.bot.send_message(moved.value.migrate_to_chat_id, "да")


async def test_kicked_bot_is_back_when_the_fault_is_cleared(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.fault("kicked")
    with pytest.raises(TelegramForbiddenError, match="kicked"):
        await telegram.bot.send_message(chat_id, "да")
    await telegram.http.delete("/sandbox/faults")
    await telegram.bot.send_message(chat_id, "да")


async def test_voice_is_refused_while_documents_pass(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.fault("no-voice")
    with pytest.raises(TelegramBadRequest, match="VOICE_MESSAGES_FORBIDDEN"):
        await telegram.bot.send_voice(chat_id, BufferedInputFile(SAMPLE_OGG, "voice.ogg"))
    await telegram.bot.send_document(chat_id, BufferedInputFile(SAMPLE_OGG, "voice.ogg"))


async def test_polls_are_struck_only_by_name(telegram: Served) -> None:
    await telegram.fault("server-error")
    assert await telegram.bot.get_updates() == []
    await telegram.fault("server-error", path="getUpdates")
    with pytest.raises(TelegramServerError):
        await telegram.bot.get_updates()


async def test_poll_repeats_a_confirmed_update(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.fault("duplicate-hooks", times=1)
    path = f"/groups/{chat_id}/topics/0/messages"
    await telegram.post(path, text="Раз")
    (first,) = await telegram.bot.get_updates()
    await telegram.post(path, text="Два")
    again, second = await telegram.bot.get_updates(offset=first.update_id + 1)
    assert again.update_id == first.update_id
    assert second.update_id == first.update_id + 1


async def test_webhook_comes_twice_or_never_as_told(telegram: Served, ears: Ears) -> None:
    chat_id = await telegram.group()
    await telegram.bot.set_webhook(ears.url)
    await telegram.fault("duplicate-hooks", times=1)
    await telegram.fault("lost-hooks", times=1, every=2)
    for text in ("Дважды", "Никогда", "Раз"):
        await telegram.post(f"/groups/{chat_id}/topics/0/messages", text=text)
    await telegram.world.hooks.settled()
    assert [update["message"]["text"] for update in ears.heard] == ["Дважды", "Дважды", "Раз"]
    assert ears.heard[0] == ears.heard[1]


async def test_events_tell_the_page_that_something_changed(telegram: Served) -> None:
    async with telegram.http.stream("GET", "/sandbox/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "data: changed"
        await telegram.group()
        await anext(lines)
        assert await asyncio.wait_for(anext(lines), 5) == "data: changed"
