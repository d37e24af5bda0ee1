"""Turns of an Avito account: when the next call may be made, and whose call it is.

Avito publishes no limit for its messenger. Seconds that it names are obeyed and change nothing else; a refusal without
seconds slows the calls down, and the slow-down fades with time. Who waits has a place in the account's queue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

SLOWEST_MS: Final = 5_000
FIRST_STEP_MS: Final = 200
UNFELT_MS: Final = 50
"""A shorter interval is none."""

FADES: Final = timedelta(seconds=2)
"""Half-life of a slow-down."""

GROWS: Final = 1.5
"""How much longer a refusal makes the interval. With `FADES`, a refusal now and then costs 1.2 s; both were chosen by
`python -m bench.pace`."""

IN_A_ROW: Final = 4
"""So many refusals without a success between them: Avito refuses everything, and is asked ever more seldom."""

RESUMES_MS: Final = 1_000
"""Longest interval after a success."""

SCARCE: Final = 0.1
"""Below this share of Avito's limit, the remaining calls are spread over a minute."""

STEP: Final = timedelta(milliseconds=100)
"""Smallest distance between two who wait, so that they do not come back all at once."""

SOON: Final = timedelta(seconds=1)
"""Who is more urgent and due within this time is waited for: what is left of a budget is his."""

COMES_BACK: Final = timedelta(seconds=2)
"""How long a turn is kept for one who is late: a workflow's timer, a busy worker, or a process that has died."""

_LONGEST_BLOCK: Final = 86_400.0


class Urgency(IntEnum):
    """What a call is for, the most urgent first."""

    REPLY = 0
    READING = 1
    SWEEP = 2


YIELDS: Final[Mapping[Urgency, timedelta]] = {
    Urgency.REPLY: timedelta(0),
    Urgency.READING: timedelta(seconds=20),
    Urgency.SWEEP: timedelta(seconds=60),
}
"""A call goes after a reply that was asked for up to so much later, and before all others: nobody waits for ever."""


@dataclass(frozen=True)
class Pace:
    """No call before `blocked_until` (named by Avito) and `next_at`; `interval_ms` between two as of `slowed_at`.

    `refusals`: without seconds, since the last success. `queued_until`: until then somebody may wait, so that the queue
    has to be asked.
    """

    blocked_until: datetime | None = None
    interval_ms: int = 0
    slowed_at: datetime | None = None
    refusals: int = 0
    next_at: datetime | None = None
    queued_until: datetime | None = None


@dataclass(frozen=True)
class Place:
    """A place in the queue of an account. `who` has one at a time; `retry_at`: when he comes back to ask."""

    who: str
    urgency: Urgency
    asked_at: datetime
    retry_at: datetime


@dataclass(frozen=True)
class Taken:
    """Permission to call now, with the pace to store."""

    pace: Pace


@dataclass(frozen=True)
class NotYet:
    """Ask again at `until`, which is later than now."""

    until: datetime


def interval(pace: Pace, now: datetime) -> timedelta:
    """Time between two calls, which halves every `FADES` since the last refusal."""
    if pace.interval_ms <= 0 or pace.slowed_at is None:
        return timedelta(0)
    # The clock of another worker may be ahead.
    age = max(now - pace.slowed_at, timedelta(0)) / FADES
    left: float = pace.interval_ms * 0.5**age
    return timedelta(milliseconds=left) if left >= UNFELT_MS else timedelta(0)


def ready_at(pace: Pace, now: datetime) -> datetime:
    """Time of the next call; `now` if it may be made at once."""
    return max(now, pace.blocked_until or now, pace.next_at or now)


def is_free(pace: Pace, now: datetime) -> bool:
    """Whether a call may be made without a turn."""
    if pace.queued_until is not None and now < pace.queued_until:
        return False
    return ready_at(pace, now) <= now and not interval(pace, now)


def take(pace: Pace, queue: Iterable[Place], me: Place, now: datetime) -> Taken | NotYet:
    """The turn, if it is mine. `queue` may contain me.

    Who comes before me and is due has the turn, unless he is late by more than `COMES_BACK`; who is not due before the
    turn after this one loses nothing by my going first. Only the more urgent are waited for a little longer.
    """
    step, opens = interval(pace, now), ready_at(pace, now)
    before = [one for one in queue if one.who != me.who and _rank(one) < _rank(me) and now < one.retry_at + COMES_BACK]
    if opens <= now:
        before = [
            one for one in before if one.retry_at <= now + (max(step, SOON) if one.urgency < me.urgency else step)
        ]
        if not before:
            return Taken(replace(pace, next_at=now + step))
    return NotYet(opens + max(step, STEP) * len(before))


def queued_until(queue: Iterable[Place]) -> datetime | None:
    return max((one.retry_at + COMES_BACK for one in queue), default=None)


def after_success(pace: Pace, now: datetime, limit: int | None = None, remaining: int | None = None) -> Pace:
    """The same pace, unless refusals came before, or Avito's limit per minute (if sent) is nearly or wholly used up."""
    if pace.refusals:
        left = min(interval(pace, now), timedelta(milliseconds=RESUMES_MS))
        pace = _slowed(replace(pace, refusals=0, next_at=min(pace.next_at or now, now + left)), now, left)
    if remaining is not None and remaining <= 0:
        return replace(pace, blocked_until=max(_end_of_minute(now), pace.blocked_until or now))
    if limit is not None and limit > 0 and remaining is not None and remaining < limit * SCARCE:
        spread = min(timedelta(minutes=1) / limit, timedelta(milliseconds=SLOWEST_MS))
        if spread > interval(pace, now):
            return _slowed(pace, now, spread)
    return pace


def after_refusal(
    pace: Pace, now: datetime, asked_at: datetime, retry_after: float | None = None, remaining: int | None = None
) -> Pace:
    """After a 429: blocked for `retry_after` seconds if Avito names them, or until the end of the minute if it says
    that none of the minute's calls remain; else the interval grows.

    Calls that were under way together (`asked_at` before the last slow-down) make it grow once. No seconds (0, below,
    or not a number) are as good as none.
    """
    if retry_after is not None and retry_after > 0:
        until = now + timedelta(seconds=min(retry_after, _LONGEST_BLOCK))
        return replace(pace, blocked_until=max(until, pace.blocked_until or until))
    if remaining is not None and remaining <= 0:
        return after_success(pace, now, remaining=remaining)
    if pace.slowed_at is not None and asked_at <= pace.slowed_at and interval(pace, now):
        return pace
    refusals = pace.refusals + 1
    unfaded = 2 * timedelta(milliseconds=pace.interval_ms)
    longer = unfaded if refusals >= IN_A_ROW else GROWS * interval(pace, now)
    longer = min(max(longer, timedelta(milliseconds=FIRST_STEP_MS)), timedelta(milliseconds=SLOWEST_MS))
    return _slowed(replace(pace, refusals=refusals), now, longer)


def _slowed(pace: Pace, now: datetime, to: timedelta) -> Pace:
    next_at = max(now + to, pace.next_at or now)
    return replace(pace, interval_ms=round(to / timedelta(milliseconds=1)), slowed_at=now, next_at=next_at)


def _end_of_minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _rank(one: Place) -> tuple[datetime, Urgency, str]:
    return one.asked_at + YIELDS[one.urgency], one.urgency, one.who
