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


def test_a_file_that_comes_later_is_waited_for_without_a_failure_and_news_come_first() -> None:
    later = NOON + timedelta(minutes=15)
    agenda = Agenda(None, (Side.BUYER,), {}, NOON)
    for action in (Action.SHOW, Action.ANSWER, Action.REMIND):
        agenda.start(action)
        show_at = None if action is Action.REMIND else later
        agenda.record(action, Standing(to_show=True, show_at=show_at), NOON)
        assert agenda.next() == Todo(Action.SHOW, later)
    assert agenda.tries == {}
    assert agenda.end(NOON + timedelta(days=15)) is None
    agenda.add_news(Side.BUYER, NOON)
    assert agenda.due(NOON) is Action.SHOW


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
