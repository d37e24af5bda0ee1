"""Send rate of a Telegram group: a budget, shared in a fair order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, Self
from uuid import UUID

BURST: Final = 4
"""A quarter of the minute's budget may be sent at once, the rest in even steps, so that no minute exceeds the budget
(Telegram's FAQ: 20 messages a minute to one group)."""

STATUS_RESERVE: Final = 0.5
"""Share of the budget that a status reserves for messages."""

SHORTEST_WAIT: Final = timedelta(milliseconds=200)
_LONGEST_BLOCK: Final = 86_400.0


class Priority(IntEnum):
    MESSAGE = 0
    CARD = 1
    STATUS = 2


@dataclass(frozen=True)
class Bucket:
    """The budget of one group, shared by all workers; negative after a send that cost more than the balance."""

    tokens: float
    refilled_at: datetime
    blocked_until: datetime | None = None

    @classmethod
    def full(cls, per_minute: int, now: datetime) -> Self:
        return cls(float(capacity(per_minute)), now)


@dataclass(frozen=True)
class Waiter:
    """A dialog that waits to send to the group."""

    dialog: UUID
    priority: Priority
    asked_at: datetime


@dataclass(frozen=True)
class Granted:
    """Permission to send now, with the bucket to store."""

    bucket: Bucket


@dataclass(frozen=True)
class Wait:
    """Ask again at `until`, which is later than now."""

    until: datetime


def capacity(per_minute: int) -> int:
    return max(1, per_minute // BURST)


def refill(per_minute: int) -> int:
    """Tokens added per minute: even after a full bucket, the minute stays within the budget."""
    return max(1, per_minute - capacity(per_minute))


def grant(bucket: Bucket, waiters: Iterable[Waiter], me: Waiter, per_minute: int, now: datetime) -> Granted | Wait:
    """May `me` send a message now? Those who come first (by priority, then by time) keep their share.

    `waiters` may contain `me`. With `per_minute` 0 only a refusal of Telegram (`block`) causes a wait.
    """
    if bucket.blocked_until is not None and now < bucket.blocked_until:
        return Wait(bucket.blocked_until)
    if per_minute <= 0:
        return Granted(bucket)
    bucket = _refilled(bucket, per_minute, now)
    others = [one for one in waiters if one.dialog != me.dialog]
    ahead = sum(_turn(one) < _turn(me) for one in others)
    price = 1.0
    if me.priority is Priority.STATUS:
        price = max(price, STATUS_RESERVE * capacity(per_minute))
    held_back = me.priority is Priority.STATUS and any(one.priority < Priority.STATUS for one in others)
    missing = ahead + price - bucket.tokens
    if missing <= 0 and not held_back:
        return Granted(replace(bucket, tokens=bucket.tokens - 1))
    seconds = 60 * max(missing, 1.0 if held_back else 0.0) / refill(per_minute)
    return Wait(now + max(SHORTEST_WAIT, timedelta(seconds=seconds)))


def block(bucket: Bucket, retry_after: float, now: datetime) -> Bucket:
    """After a 429 of Telegram: no sends to the group for `retry_after` seconds, and saved tokens are lost."""
    until = now + _seconds(retry_after)
    return Bucket(min(bucket.tokens, 0.0), now, max(until, bucket.blocked_until or until))


def _refilled(bucket: Bucket, per_minute: int, now: datetime) -> Bucket:
    # The clock of another worker may be ahead.
    if now <= bucket.refilled_at:
        return bucket
    gained = (now - bucket.refilled_at).total_seconds() * refill(per_minute) / 60
    return replace(bucket, tokens=min(bucket.tokens + gained, float(capacity(per_minute))), refilled_at=now)


def _turn(waiter: Waiter) -> tuple[Priority, datetime, UUID]:
    return waiter.priority, waiter.asked_at, waiter.dialog


def _seconds(retry_after: float) -> timedelta:
    """Clamp an external number to 0 up to a day; NaN gives zero, hence the order of `max`'s arguments."""
    return timedelta(seconds=min(max(0.0, retry_after), _LONGEST_BLOCK))
