"""A deadline of a conversation, for an auto-reply or a reminder, is met once and on time."""

from datetime import timedelta

from temporalio.api.enums.v1 import EventType

from tests.workflows.conversation_driver import SECOND, ConversationDriver
from tests.workflows.fake_conversations import AUTO_REPLY, SILENCE

STARTED = EventType.EVENT_TYPE_TIMER_STARTED


async def test_an_auto_reply_is_decided_once_within_two_seconds_of_its_time(conversation: ConversationDriver) -> None:
    conversation.chat.auto_replies = True
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.rests()
    due = conversation.chat.auto_reply_at
    assert due is not None
    await conversation.waits(AUTO_REPLY - SECOND)
    assert conversation.chat.count("auto_reply") == 0
    await conversation.waits(timedelta(minutes=10))
    await conversation.sends("auto-reply")
    await conversation.rests()
    [at] = conversation.chat.at("auto_reply")
    assert timedelta(0) <= at - due < timedelta(seconds=2)


async def test_an_auto_reply_that_a_person_forestalls_is_not_sent(conversation: ConversationDriver) -> None:
    conversation.chat.auto_replies = True
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.waits(AUTO_REPLY - 10 * SECOND)
    await conversation.staff_write("сейчас посмотрю")
    await conversation.sends("сейчас посмотрю")
    await conversation.rests()
    await conversation.waits(timedelta(hours=1))
    assert conversation.chat.count("auto_reply") == 0


async def test_another_message_puts_the_auto_reply_off_without_another_timer(conversation: ConversationDriver) -> None:
    conversation.chat.auto_replies = True
    for text in ("раз", "два", "три"):
        await conversation.buyer_writes(text)
        await conversation.has_shown(text)
        await conversation.rests()
        await conversation.waits(10 * SECOND)
    assert (await conversation.events()).count(STARTED) == 1
    last = conversation.chat.auto_reply_at
    assert last is not None
    await conversation.waits(timedelta(minutes=5))
    await conversation.chat.tried("auto_reply")
    await conversation.rests()
    assert conversation.chat.count("auto_reply") == 1
    assert timedelta(0) <= conversation.chat.at("auto_reply")[0] - last < timedelta(seconds=2)


async def test_silence_is_reminded_of_once_after_the_auto_reply(conversation: ConversationDriver) -> None:
    conversation.chat.auto_replies = conversation.chat.reminds = True
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.rests()
    await conversation.waits(SILENCE + timedelta(hours=1))
    await conversation.shows("вопрос", "reminder")
    await conversation.rests()
    # In the topic, then to the owner.
    assert conversation.chat.names() == ["show", "auto_reply", "remind", "remind"]
    assert (
        timedelta(0)
        <= conversation.chat.at("remind")[0] - conversation.chat.at("show")[0] - SILENCE
        < timedelta(seconds=2)
    )


async def test_a_worker_whose_clock_is_behind_asks_again_a_second_later_and_not_at_once(
    conversation: ConversationDriver,
) -> None:
    conversation.chat.auto_replies = True
    conversation.chat.fails("auto_reply", *[lambda standing, _: standing] * 2)
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.rests()
    await conversation.waits(timedelta(minutes=5))
    await conversation.sends("auto-reply")
    first, second, third = conversation.chat.at("auto_reply")
    assert second - first >= SECOND
    assert third - second >= SECOND
