"""An outage of Telegram or Avito makes a conversation wait and try again, and holds up no news."""

from dataclasses import replace
from datetime import timedelta

from domain.kernel.trouble import Trouble
from tests.workflows.conversation_driver import SECOND, ConversationDriver, away


async def test_who_is_told_to_wait_waits_and_then_tries_again(conversation: ConversationDriver) -> None:
    conversation.chat.fails(
        "show", lambda standing, at: replace(standing, trouble=Trouble.TELEGRAM, show_at=at + 40 * SECOND)
    )
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.rests()
    await conversation.waits(30 * SECOND)
    assert conversation.chat.count("show") == 1
    await conversation.waits(15 * SECOND)
    await conversation.shows("вопрос")
    first, second = conversation.chat.at("show")
    assert timedelta(seconds=40) <= second - first < timedelta(seconds=42)


async def test_tries_are_counted_until_one_succeeds(conversation: ConversationDriver) -> None:
    conversation.chat.fails("answer", *[away(Trouble.AVITO)] * 3)
    await conversation.staff_write("ответ")
    await conversation.chat.tried("answer")
    await conversation.waits(timedelta(minutes=2))
    await conversation.sends("ответ")
    await conversation.staff_write("ещё")
    await conversation.sends("ответ", "ещё")
    assert [call.about for call in conversation.chat.calls] == [0, 1, 2, 3, 0]
    waits = [
        later - sooner
        for sooner, later in zip(conversation.chat.at("answer"), conversation.chat.at("answer")[1:4], strict=False)
    ]
    assert waits == sorted(waits)


async def test_our_own_budget_is_no_failure_of_the_world(conversation: ConversationDriver) -> None:
    conversation.chat.fails(
        "show", *[lambda standing, at: replace(standing, trouble=Trouble.BUDGET, show_at=at + 3 * SECOND)] * 3
    )
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.waits(timedelta(minutes=1))
    await conversation.shows("вопрос")
    assert {call.about for call in conversation.chat.calls} == {0}


async def test_both_ends_away_at_once_are_tried_in_turn_and_not_in_a_circle(conversation: ConversationDriver) -> None:
    conversation.chat.fails("show", *[away(Trouble.TELEGRAM)] * 4)
    conversation.chat.fails("answer", *[away(Trouble.AVITO)] * 4)
    conversation.chat.outbox.append("ответ")
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("answer")
    await conversation.waits(timedelta(minutes=3))
    await conversation.shows("вопрос")
    await conversation.sends("ответ")
    assert conversation.chat.count("show") == conversation.chat.count("answer") == 5


async def test_news_do_not_wait_for_the_end_of_a_pause(conversation: ConversationDriver) -> None:
    conversation.chat.fails(
        "show", lambda standing, at: replace(standing, trouble=Trouble.TELEGRAM, show_at=at + 40 * SECOND)
    )
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.rests()
    await conversation.buyer_writes("ещё вопрос")
    await conversation.shows("вопрос", "ещё вопрос")
    first, *_, last = conversation.chat.at("show")
    assert last - first < 40 * SECOND


async def test_what_could_not_even_be_read_is_read_later(conversation: ConversationDriver) -> None:
    """Avito did not answer, so no row waits yet."""
    conversation.chat.fails("show", away(Trouble.AVITO, to_show=False))
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.waits(timedelta(minutes=1))
    await conversation.shows("вопрос")
    first, *_, last = conversation.chat.at("show")
    assert last > first
