"""An outage of Telegram or Avito makes a conversation wait and try again, and holds up no news."""

from dataclasses import replace
from datetime import timedelta

from domain.kernel.trouble import Trouble
from tests.workflows.conversation import SECOND, Dialogue, away


async def test_who_is_told_to_wait_waits_and_then_tries_again(talk: Dialogue) -> None:
    talk.chat.fails("show", lambda standing, at: replace(standing, trouble=Trouble.TELEGRAM, show_at=at + 40 * SECOND))
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.rests()
    await talk.waits(30 * SECOND)
    assert talk.chat.count("show") == 1
    await talk.waits(15 * SECOND)
    await talk.shows("вопрос")
    first, second = talk.chat.at("show")
    assert timedelta(seconds=40) <= second - first < timedelta(seconds=42)


async def test_tries_are_counted_until_one_succeeds(talk: Dialogue) -> None:
    talk.chat.fails("answer", *[away(Trouble.AVITO)] * 3)
    await talk.staff_write("ответ")
    await talk.chat.tried("answer")
    await talk.waits(timedelta(minutes=2))
    await talk.sends("ответ")
    await talk.staff_write("ещё")
    await talk.sends("ответ", "ещё")
    assert [call.about for call in talk.chat.calls] == [0, 1, 2, 3, 0]
    waits = [later - sooner for sooner, later in zip(talk.chat.at("answer"), talk.chat.at("answer")[1:4], strict=False)]
    assert waits == sorted(waits)


async def test_our_own_budget_is_no_failure_of_the_world(talk: Dialogue) -> None:
    talk.chat.fails(
        "show", *[lambda standing, at: replace(standing, trouble=Trouble.BUDGET, show_at=at + 3 * SECOND)] * 3
    )
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.waits(timedelta(minutes=1))
    await talk.shows("вопрос")
    assert {call.about for call in talk.chat.calls} == {0}


async def test_both_ends_away_at_once_are_tried_in_turn_and_not_in_a_circle(talk: Dialogue) -> None:
    talk.chat.fails("show", *[away(Trouble.TELEGRAM)] * 4)
    talk.chat.fails("answer", *[away(Trouble.AVITO)] * 4)
    talk.chat.outbox.append("ответ")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("answer")
    await talk.waits(timedelta(minutes=3))
    await talk.shows("вопрос")
    await talk.sends("ответ")
    assert talk.chat.count("show") == talk.chat.count("answer") == 5


async def test_news_do_not_wait_for_the_end_of_a_pause(talk: Dialogue) -> None:
    talk.chat.fails("show", lambda standing, at: replace(standing, trouble=Trouble.TELEGRAM, show_at=at + 40 * SECOND))
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.rests()
    await talk.buyer_writes("ещё вопрос")
    await talk.shows("вопрос", "ещё вопрос")


async def test_what_could_not_even_be_read_is_read_later(talk: Dialogue) -> None:
    """Avito did not answer, so no row waits yet."""
    talk.chat.fails("show", away(Trouble.AVITO, to_show=False))
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.waits(timedelta(minutes=1))
    await talk.shows("вопрос")
