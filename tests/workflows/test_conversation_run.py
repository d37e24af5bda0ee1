"""Workers and runs of a conversation come and go, and nothing is lost on the way."""

import asyncio

from temporalio.api.enums.v1 import EventType

from activities.conversations.core.wake import Side
from domain.kernel.trouble import Trouble
from tests.workflows.conversation import SECOND, Dialogue, away
from tests.workflows.conversation_fakes import AUTO_REPLY


async def test_a_worker_that_dies_in_the_middle_is_replaced_and_nothing_is_lost(talk: Dialogue) -> None:
    gate = talk.chat.holds("show")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.running.conversations.ends()
    await talk.staff_write("ответ")
    gate.set()
    await talk.running.conversations.begins()
    await talk.shows("вопрос")
    await talk.sends("ответ")
    assert talk.chat.most_at_once == 1


async def test_an_auto_reply_that_fell_due_without_any_worker_is_decided_when_one_is_back(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(AUTO_REPLY - 2 * SECOND)
    await talk.running.conversations.ends()
    assert talk.chat.sent == []
    await talk.has_seen(EventType.EVENT_TYPE_TIMER_FIRED)
    await talk.running.conversations.begins()
    await talk.sends("auto-reply")
    await talk.rests()
    assert talk.chat.count("auto_reply") == 1


async def test_a_long_conversation_goes_on_in_new_runs_and_keeps_every_message(long_talk: Dialogue) -> None:
    for number in range(15):
        await asyncio.gather(long_talk.buyer_writes(f"b{number}"), long_talk.staff_write(f"s{number}"))
        await long_talk.has_shown(f"b{number}")
    await long_talk.chat.until(lambda: len(long_talk.chat.sent) == 15)
    assert await long_talk.runs() > 2
    assert long_talk.chat.shown == [f"b{number}" for number in range(15)]
    assert long_talk.chat.most_at_once == 1


async def test_deadlines_and_the_count_of_tries_go_along_into_a_new_run(long_talk: Dialogue) -> None:
    chat = long_talk.chat
    chat.auto_replies = True
    await long_talk.buyer_writes("вопрос")
    await long_talk.shows("вопрос")
    await long_talk.rests()
    chat.fails("answer", *[away(Trouble.AVITO)] * 8)
    await long_talk.staff_write("ответ")
    await chat.tried("answer")
    for _ in range(12):
        await long_talk.waits(30 * SECOND)
    await chat.tried("answer", 9)
    await long_talk.sends("auto-reply", "ответ")
    assert await long_talk.runs() > 1
    assert [call.about for call in chat.calls if call.name == "answer"] == list(range(9))


async def test_a_signal_in_the_last_moment_is_never_lost(talk: Dialogue) -> None:
    """The dialog closes again and again while both sides write: each message is taken by this run or by the next."""
    for number in range(12):
        talk.chat.closed = True
        await asyncio.gather(talk.buyer_writes(f"b{number}"), talk.is_woken(Side.STAFF), talk.staff_write(f"s{number}"))
    await talk.chat.until(lambda: len(talk.chat.shown) == len(talk.chat.sent) == 12)
    assert await talk.ends() == "closed"
    assert talk.chat.most_at_once == 1
