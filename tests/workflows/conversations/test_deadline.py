"""A deadline of a conversation, for an auto-reply or a reminder, is met once and on time."""

from datetime import timedelta

from temporalio.api.enums.v1 import EventType

from tests.workflows.conversation_driver import SECOND, ConversationDriver
from tests.workflows.fake_conversations import AUTO_REPLY, SILENCE

STARTED = EventType.EVENT_TYPE_TIMER_STARTED


async def test_an_auto_reply_is_decided_once_within_two_seconds_of_its_time(talk: ConversationDriver) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    due = talk.chat.auto_reply_at
    assert due is not None
    await talk.waits(AUTO_REPLY - SECOND)
    assert talk.chat.count("auto_reply") == 0
    await talk.waits(timedelta(minutes=10))
    await talk.sends("auto-reply")
    await talk.rests()
    [at] = talk.chat.at("auto_reply")
    assert timedelta(0) <= at - due < timedelta(seconds=2)


async def test_an_auto_reply_that_a_person_forestalls_is_not_sent(talk: ConversationDriver) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.waits(AUTO_REPLY - 10 * SECOND)
    await talk.staff_write("сейчас посмотрю")
    await talk.sends("сейчас посмотрю")
    await talk.rests()
    await talk.waits(timedelta(hours=1))
    assert talk.chat.count("auto_reply") == 0


async def test_another_message_puts_the_auto_reply_off_without_another_timer(talk: ConversationDriver) -> None:
    talk.chat.auto_replies = True
    for text in ("раз", "два", "три"):
        await talk.buyer_writes(text)
        await talk.has_shown(text)
        await talk.rests()
        await talk.waits(10 * SECOND)
    assert (await talk.events()).count(STARTED) == 1
    last = talk.chat.auto_reply_at
    assert last is not None
    await talk.waits(timedelta(minutes=5))
    await talk.chat.tried("auto_reply")
    await talk.rests()
    assert talk.chat.count("auto_reply") == 1
    assert timedelta(0) <= talk.chat.at("auto_reply")[0] - last < timedelta(seconds=2)


async def test_silence_is_reminded_of_once_after_the_auto_reply(talk: ConversationDriver) -> None:
    talk.chat.auto_replies = talk.chat.reminds = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(SILENCE + timedelta(hours=1))
    await talk.shows("вопрос", "reminder")
    await talk.rests()
    # In the topic, then to the owner.
    assert talk.chat.names() == ["show", "auto_reply", "remind", "remind"]
    assert timedelta(0) <= talk.chat.at("remind")[0] - talk.chat.at("show")[0] - SILENCE < timedelta(seconds=2)


async def test_a_worker_whose_clock_is_behind_asks_again_a_second_later_and_not_at_once(
    talk: ConversationDriver,
) -> None:
    talk.chat.auto_replies = True
    talk.chat.fails("auto_reply", *[lambda standing, _: standing] * 2)
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(timedelta(minutes=5))
    await talk.sends("auto-reply")
    first, second, third = talk.chat.at("auto_reply")
    assert second - first >= SECOND
    assert third - second >= SECOND
