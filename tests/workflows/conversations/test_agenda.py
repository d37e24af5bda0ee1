"""What a conversation does next, whatever its steps have said of it in between."""

from datetime import UTC, datetime, timedelta

from activities.conversations.core.messages import Standing
from activities.conversations.core.wake import Side
from domain.kernel.trouble import Trouble
from workflows.conversations.agenda import Action, Agenda, Todo

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_wish_to_read_again_outlives_what_another_step_says_meanwhile() -> None:
    agenda = Agenda(None, (Side.STAFF,), {}, NOON)
    agenda.record(Action.SHOW, Standing(to_show=True, show_at=NOON), NOON)
    agenda.start(Action.ANSWER)
    agenda.record(Action.ANSWER, Standing(), NOON)
    assert agenda.due(NOON) is Action.SHOW
    agenda.start(Action.SHOW)
    agenda.record(Action.SHOW, Standing(), NOON)
    assert agenda.next() is None


def test_what_telegram_alone_delays_is_tried_without_reading_the_chat_until_there_is_news() -> None:
    agenda = Agenda(None, (Side.BUYER,), {}, NOON)
    assert not agenda.waits_for_telegram(Action.SHOW)
    agenda.start(Action.SHOW)
    agenda.record(Action.SHOW, Standing(to_show=True, show_at=NOON, trouble=Trouble.TELEGRAM), NOON)
    assert agenda.waits_for_telegram(Action.SHOW)
    assert not agenda.waits_for_telegram(Action.ANSWER)
    agenda.add_news(Side.BUYER, NOON)
    assert not agenda.waits_for_telegram(Action.SHOW)


def test_a_chat_that_could_not_be_read_is_read_again() -> None:
    agenda = Agenda(None, (Side.BUYER,), {}, NOON)
    agenda.start(Action.SHOW)
    agenda.record(Action.SHOW, Standing(to_show=True, trouble=Trouble.AVITO), NOON)
    assert not agenda.waits_for_telegram(Action.SHOW)


def test_a_topic_that_lags_slows_no_answer_down() -> None:
    agenda = Agenda(None, (Side.STAFF,), {}, NOON)
    agenda.start(Action.ANSWER)
    later = NOON + timedelta(seconds=60)
    agenda.record(Action.ANSWER, Standing(to_show=True, show_at=later), NOON)
    assert (agenda.tries, agenda.next()) == ({}, Todo(Action.SHOW, later))
