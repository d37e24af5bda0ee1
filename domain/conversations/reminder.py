"""Reminders of an unanswered buyer: first the topic, then the owner."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ReminderKind(StrEnum):
    TOPIC = "topic"
    OWNER = "owner"


@dataclass(frozen=True)
class Reminder:
    kind: ReminderKind
    at: datetime


def next_reminder(
    first_unanswered_at: datetime | None,
    minutes: int | None,
    reminded_topic_at: datetime | None,
    reminded_owner_at: datetime | None,
) -> Reminder | None:
    """The topic after `minutes` without an answer, the owner after twice as many; None without `minutes`.

    Reminders from before `first_unanswered_at` do not count.
    """
    if first_unanswered_at is None or minutes is None or minutes <= 0:
        return None
    patience = timedelta(minutes=minutes)
    if not _given(reminded_topic_at, first_unanswered_at):
        return Reminder(ReminderKind.TOPIC, first_unanswered_at + patience)
    if not _given(reminded_owner_at, first_unanswered_at):
        return Reminder(ReminderKind.OWNER, first_unanswered_at + 2 * patience)
    return None


def _given(reminded_at: datetime | None, since: datetime) -> bool:
    return reminded_at is not None and reminded_at >= since
