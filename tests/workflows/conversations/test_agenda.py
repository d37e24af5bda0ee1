"""What a conversation does next, whatever its steps have said of it in between."""

from datetime import UTC, datetime, timedelta

from activities.conversations.core.messages import Standing
from activities.conversations.core.wake import Side
from domain.kernel.trouble import Trouble
from workflows.conversations.agenda import Action, Agenda, Todo
from workflows.kernel.status import WorkflowStatus

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


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


def test_a_topic_that_lags_slows_no_answer_down() -> None:
    agenda = Agenda(None, (Side.STAFF,), {}, NOON)
    agenda.start(Action.ANSWER)
    later = NOON + timedelta(seconds=60)
    agenda.record(Action.ANSWER, Standing(to_show=True, show_at=later), NOON)
    assert (agenda.tries, agenda.next()) == ({}, Todo(Action.SHOW, later))


def put_off(at: datetime) -> Standing:
    """The chat is read, and the rest waits for the account's turn."""
    return Standing(to_show=True, show_at=at, trouble=Trouble.TURN, is_read=True)


def reads_on(agenda: Agenda) -> bool:
    """Whether the next showing leaves the reading out."""
    return agenda.is_read


def test_what_was_read_is_not_read_again_until_there_is_news() -> None:
    agenda = Agenda(None, (Side.BUYER,), {}, NOON)
    agenda.start(Action.SHOW)
    assert not reads_on(agenda)
    agenda.record(Action.SHOW, put_off(NOON + MINUTE), NOON)
    assert reads_on(agenda)
    # An answer in between changes nothing of it.
    agenda.add_news(Side.STAFF, NOON)
    agenda.start(Action.ANSWER)
    agenda.record(Action.ANSWER, Standing(to_show=True), NOON)
    assert agenda.due(NOON) is None
    agenda.start(Action.SHOW)
    assert reads_on(agenda)
    agenda.add_news(Side.BUYER, NOON + MINUTE)
    agenda.record(Action.SHOW, put_off(NOON + 2 * MINUTE), NOON + MINUTE)
    agenda.start(Action.SHOW)
    assert not reads_on(agenda)


def test_a_turn_is_waited_for_and_is_no_failure() -> None:
    agenda = Agenda(None, (Side.BUYER,), {}, NOON)
    for _ in range(20):
        agenda.start(Action.SHOW)
        agenda.record(Action.SHOW, put_off(NOON + MINUTE), NOON)
    assert agenda.tries == {}
    assert agenda.status is WorkflowStatus.ACTIVE
    assert agenda.next_at() == NOON + MINUTE
