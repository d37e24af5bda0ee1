"""Workers and runs of a conversation come and go, and nothing is lost on the way."""

import asyncio

from temporalio.api.enums.v1 import EventType

from activities.conversations.core.wake import Side
from domain.kernel.trouble import Trouble
from tests.workflows.conversation_driver import SECOND, ConversationDriver, away
from tests.workflows.fake_conversations import AUTO_REPLY


async def test_a_worker_that_dies_in_the_middle_is_replaced_and_nothing_is_lost(
    conversation: ConversationDriver,
) -> None:
    gate = conversation.chat.holds("show")
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.running.conversations.ends()
    await conversation.staff_write("ответ")
    gate.set()
    await conversation.running.conversations.begins()
    await conversation.shows("вопрос")
    await conversation.sends("ответ")
    assert conversation.chat.most_at_once == 1


async def test_an_auto_reply_that_fell_due_without_any_worker_is_decided_when_one_is_back(
    conversation: ConversationDriver,
) -> None:
    conversation.chat.auto_replies = True
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.rests()
    await conversation.waits(AUTO_REPLY - 2 * SECOND)
    await conversation.running.conversations.ends()
    assert conversation.chat.sent == []
    await conversation.has_seen(EventType.EVENT_TYPE_TIMER_FIRED)
    await conversation.running.conversations.begins()
    await conversation.sends("auto-reply")
    await conversation.rests()
    assert conversation.chat.count("auto_reply") == 1


async def test_a_long_conversation_goes_on_in_new_runs_and_keeps_every_message(
    long_conversation: ConversationDriver,
) -> None:
    for number in range(15):
        await asyncio.gather(long_conversation.buyer_writes(f"b{number}"), long_conversation.staff_write(f"s{number}"))
        await long_conversation.has_shown(f"b{number}")
    await long_conversation.chat.until(lambda: len(long_conversation.chat.sent) == 15)
    assert await long_conversation.runs() > 2
    assert long_conversation.chat.shown == [f"b{number}" for number in range(15)]
    assert long_conversation.chat.most_at_once == 1


async def test_deadlines_and_the_count_of_tries_go_along_into_a_new_run(long_conversation: ConversationDriver) -> None:
    chat = long_conversation.chat
    chat.auto_replies = True
    await long_conversation.buyer_writes("вопрос")
    await long_conversation.shows("вопрос")
    await long_conversation.rests()
    chat.fails("answer", *[away(Trouble.AVITO)] * 8)
    await long_conversation.staff_write("ответ")
    await chat.tried("answer")
    for _ in range(12):
        await long_conversation.waits(30 * SECOND)
    await chat.tried("answer", 9)
    await long_conversation.sends("auto-reply", "ответ")
    assert await long_conversation.runs() > 1
    assert [call.about for call in chat.calls if call.name == "answer"] == list(range(9))


async def test_a_signal_in_the_last_moment_is_never_lost(conversation: ConversationDriver) -> None:
    """The dialog closes again and again while both sides write: each message is taken by this run or by the next."""
    conversation.chat.reopens = False
    for number in range(12):
        conversation.chat.closed = True
        await asyncio.gather(
            conversation.buyer_writes(f"b{number}"),
            conversation.is_woken(Side.STAFF),
            conversation.staff_write(f"s{number}"),
        )
    await conversation.chat.until(lambda: len(conversation.chat.shown) == len(conversation.chat.sent) == 12)
    assert await conversation.ends() == "closed"
    assert conversation.chat.most_at_once == 1
