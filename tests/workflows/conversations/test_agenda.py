"""What a conversation does next, whatever its steps have said of it in between."""

from datetime import UTC, datetime

from activities.conversations.core.messages import Standing
from activities.conversations.core.wake import Side
from workflows.conversations.agenda import Action, Agenda

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
