"""`python -m bench.pace`: the turns of an Avito account under refusals, compared with the fastest possible schedule.

A simulation with the rules of `domain.kernel.turns` and the limits of `activities.avito.turns`, without a server or a
clock, so that every run has the same figures.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from activities.avito.turns import COMES_AGAIN, PATIENCE, TRIES, WAITERS
from domain.kernel.turns import (
    Pace,
    Place,
    Taken,
    Urgency,
    after_refusal,
    after_success,
    is_free,
    queued_until,
    ready_at,
    take,
)

BEGIN: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""The first second of a minute."""

LATENCY: Final = timedelta(milliseconds=50)
CONVERSATIONS: Final = 3
MINUTE: Final = 60.0
LONGEST: Final = 3600.0
"""Seconds after which what is left counts as stuck."""

EVERY: Final = (10, 4, 2)
"""Each n-th call is refused: 10, 25 and 50 %."""


@dataclass(frozen=True)
class Plan:
    """Calls, all wanted at the same moment; each conversation makes its own one after another."""

    replies: int = 18
    readings: int = 9
    sweeps: int = 2

    @property
    def calls(self) -> int:
        return self.replies + self.readings + self.sweeps


@dataclass(frozen=True)
class Refusing:
    """What Avito does: refuses each `every`-th call, and what is beyond `per_minute`.

    `named`: seconds that its refusals tell, null for none; with a budget they are those left of the minute. `steady`:
    the budget comes in even steps instead of whole minutes. `told`: answers say what remains of it.
    """

    name: str = ""
    every: int = 0
    named: float | None = None
    per_minute: int = 0
    steady: bool = False
    told: bool = False


BUDGETS: Final = (
    Refusing("60 a minute, seconds named", per_minute=60, named=1.0),
    Refusing("60 a minute, told in headers", per_minute=60, named=1.0, told=True),
    Refusing("60 a minute, no seconds", per_minute=60),
    Refusing("one a second, no seconds", per_minute=60, steady=True),
)


@dataclass(frozen=True)
class Played:
    """`first_reply`, `last_reply`, `seconds` (until the last call) from the beginning on; `left`: calls never made."""

    first_reply: float
    last_reply: float
    seconds: float
    refused: int
    left: int


@dataclass
class _Service:
    how: Refusing
    calls: int = 0
    minute: int = -1
    spent: int = 0
    free_at: datetime = BEGIN

    def answer(self, now: datetime) -> tuple[bool, float | None, int | None]:
        """Whether it is done, the seconds of a refusal, and what remains of the budget."""
        self.calls += 1
        if self.how.every and self.calls % self.how.every == 0:
            return False, self.how.named, None
        if not self.how.per_minute:
            return True, None, None
        if self.how.steady:
            if now < self.free_at:
                return False, None, None
            self.free_at = now + timedelta(minutes=1) / self.how.per_minute
            return True, None, None
        seconds = (now - BEGIN).total_seconds()
        if self.minute != int(seconds // MINUTE):
            self.minute, self.spent = int(seconds // MINUTE), 0
        self.spent += 1
        remaining = max(0, self.how.per_minute - self.spent) if self.how.told else None
        if self.spent > self.how.per_minute:
            return False, None if self.how.named is None else ceil(MINUTE - seconds % MINUTE), remaining
        return True, None, remaining


@dataclass
class _Lane:
    """One activity after another of a conversation, or of the account's keeper."""

    who: str
    wanted: deque[Urgency]
    place: Place
    waited: timedelta = timedelta(0)
    refused: int = 0

    def begin(self, now: datetime) -> None:
        self.waited, self.refused = timedelta(0), 0
        if self.wanted:
            self.place = Place(self.who, self.wanted[0], now, now)


@dataclass
class _Account:
    service: _Service
    pace: Pace = field(default_factory=Pace)
    queue: dict[str, Place] = field(default_factory=dict)
    waiting: int = 0

    def ask(self, lane: _Lane, now: datetime) -> datetime | None:
        """When to ask again; None if the call may be made."""
        if is_free(self.pace, now):
            return None
        answer = take(self.pace, self.queue.values(), lane.place, now)
        if isinstance(answer, Taken):
            self.queue.pop(lane.who, None)
            self.pace = replace(answer.pace, queued_until=queued_until(self.queue.values()))
            return None
        stays = self.waiting < WAITERS and lane.waited + (answer.until - now) <= PATIENCE
        until = answer.until if stays else max(answer.until, now + COMES_AGAIN)
        lane.waited = lane.waited + (until - now) if stays else timedelta(0)
        lane.place = self.queue[lane.who] = replace(lane.place, retry_at=until)
        self.pace = replace(self.pace, queued_until=queued_until(self.queue.values()))
        return until


def run(plan: Plan, how: Refusing) -> Played:
    account, lanes = _Account(_Service(how)), list(_lanes(plan))
    times: dict[Urgency, list[float]] = {urgency: [] for urgency in Urgency}
    refused, order = 0, 0
    events: list[tuple[datetime, int, _Lane]] = []
    for lane in lanes:
        order += 1
        heapq.heappush(events, (BEGIN, order, lane))
    while events and (events[0][0] - BEGIN).total_seconds() < LONGEST:
        now, _, lane = heapq.heappop(events)
        order += 1
        again = account.ask(lane, now)
        if again is not None:
            heapq.heappush(events, (again, order, lane))
            continue
        done, named, remaining = account.service.answer(now)
        limit = how.per_minute if how.told else None
        answered = now + LATENCY
        if done:
            account.pace = after_success(account.pace, answered, limit, remaining)
            times[lane.wanted.popleft()].append((answered - BEGIN).total_seconds())
            lane.begin(answered)
        else:
            refused += 1
            lane.refused += 1
            account.pace = after_refusal(account.pace, answered, now, named, remaining)
            if lane.refused >= TRIES:
                lane.refused = 0
                answered = max(answered + COMES_AGAIN, ready_at(account.pace, answered))
        if lane.wanted:
            heapq.heappush(events, (answered, order, lane))
    replies, every = times[Urgency.REPLY], [one for of in times.values() for one in of]
    return Played(
        min(replies, default=0.0),
        max(replies, default=0.0),
        max(every, default=0.0),
        refused,
        sum(len(lane.wanted) for lane in lanes),
    )


def fastest(plan: Plan, how: Refusing) -> float:
    """Seconds of a schedule that knows the service: it waits where seconds are named and asks at once where not, never
    calls beyond a budget, and is limited by the latency of conversations that call side by side."""
    refused = (plan.calls - 1) // (how.every - 1) if how.every else 0
    calling = ceil((plan.calls + refused) / (2 * CONVERSATIONS + 1)) * LATENCY.total_seconds()
    if how.per_minute and how.steady:
        return (plan.calls - 1) * MINUTE / how.per_minute + LATENCY.total_seconds()
    whole_minutes = (plan.calls - 1) // how.per_minute if how.per_minute else 0
    return whole_minutes * MINUTE + refused * (how.named or 0.0) + calling


def _lanes(plan: Plan) -> Iterator[_Lane]:
    for urgency, calls in ((Urgency.REPLY, plan.replies), (Urgency.READING, plan.readings)):
        for number in range(CONVERSATIONS):
            own = calls // CONVERSATIONS + (number < calls % CONVERSATIONS)
            yield _lane(f"{urgency.name}-{number}", urgency, own)
    yield _lane("account", Urgency.SWEEP, plan.sweeps)


def _lane(who: str, urgency: Urgency, calls: int) -> _Lane:
    return _Lane(who, deque([urgency] * calls), Place(who, urgency, BEGIN, BEGIN))


def main() -> None:
    heads = ("Avito", "refused", "first reply, s", "last reply, s", "all, s", "fastest possible, s", "ratio")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    shares = [
        Refusing(f"{100 // every} % refused, {_said(named)}", every, named) for every in EVERY for named in (1.0, None)
    ]
    for plan, services in ((Plan(), shares), (Plan(60, 30, 6), BUDGETS)):
        for how in services:
            played, floor = run(plan, how), fastest(plan, how)
            figures = (played.first_reply, played.last_reply, played.seconds, floor, played.seconds / floor)
            print(f"| {how.name} | {played.refused} | " + " | ".join(f"{one:.1f}" for one in figures) + " |")


def _said(named: float | None) -> str:
    return "no seconds" if named is None else f"{named:g} s named"


if __name__ == "__main__":
    main()
