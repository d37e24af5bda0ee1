"""Silence is noticed in the topic first and by the owner next."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.conversations.reminder import Reminder, ReminderKind, next_reminder

SINCE = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = SINCE + timedelta(minutes=30)
EARLIER = SINCE - timedelta(hours=1)
TOPIC = Reminder(ReminderKind.TOPIC, SINCE + timedelta(minutes=30))
OWNER = Reminder(ReminderKind.OWNER, SINCE + timedelta(minutes=60))


@pytest.mark.parametrize(
    ("first", "minutes", "topic", "owner", "reminder"),
    [
        (SINCE, 30, None, None, TOPIC),
        (SINCE, 30, LATER, None, OWNER),
        (SINCE, 30, LATER, LATER, None),
        (SINCE, 30, EARLIER, EARLIER, TOPIC),  # of an earlier silence
        (SINCE, 30, LATER, EARLIER, OWNER),
        (None, 30, None, None, None),
        (SINCE, None, None, None, None),
        (SINCE, 0, None, None, None),
    ],
)
def test_who_is_reminded_next(
    first: datetime | None,
    minutes: int | None,
    topic: datetime | None,
    owner: datetime | None,
    reminder: Reminder | None,
) -> None:
    assert next_reminder(first, minutes, topic, owner) == reminder
