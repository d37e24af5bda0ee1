"""Turns of the calls to one Avito account, shared by all workers in its row and its queue; most accounts have none."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from domain.kernel.clock import Clock
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
from models import Account, AvitoWait
from models.kernel.database import Sessions

PATIENCE: Final = timedelta(seconds=2)
"""Longest waiting inside a call, in all; a later turn is left to another attempt, so that the worker's slot is free."""

WAITERS: Final = 4
"""Most calls of a process that wait inside: a quarter of the slots of conversations."""

TRIES: Final = 5
"""Most refusals within a call."""

COMES_AGAIN: Final = timedelta(seconds=1)
"""A workflow's shortest pause before the next attempt."""

PLACE_KEPT: Final = timedelta(minutes=5)
"""Who does not come back for this long loses the place in the queue."""


class OutOfTurn(Exception):
    def __init__(self, turn: datetime) -> None:
        super().__init__("not our turn")
        self.turn = turn


class Rate:
    """Avito's limit per minute, as its last answer told it."""

    limit: int | None = None
    remaining: int | None = None

    def __call__(self, limit: int | None, remaining: int | None) -> None:
        self.limit, self.remaining = limit, remaining


@dataclass
class Asking:
    """One call that asks for turns: again after each refusal, and with the same place.

    `comes_again`: another attempt asks under the same name.
    """

    account_id: UUID
    place: Place
    comes_again: bool
    waited: timedelta = timedelta(0)
    refused: int = 0


class Turns:
    """Methods take the pace as last seen and return the current one.

    A turn or a place of a process that has died is given back by time: the next turn has a time of its own, and nobody
    waits long for one who does not come back.
    """

    def __init__(self, sessions: Sessions, now: Clock, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.sessions, self.now, self._sleep = sessions, now, sleep
        self._slow: dict[UUID, Pace] = {}
        self._waiting = 0

    def asking(self, account_id: UUID, who: str | None, urgency: Urgency) -> Asking:
        """`who` is null for one who waits in his call only."""
        now = self.now()
        return Asking(account_id, Place(who or uuid4().hex, urgency, now, now), comes_again=who is not None)

    async def take(self, asking: Asking, pace: Pace) -> Pace:
        """Waits for the turn; raises OutOfTurn if it is far. Where nobody waits and nothing is slow, no statement."""
        now = self.now()
        if is_free(pace, now) and is_free(self._slow.get(asking.account_id, pace), now):
            return pace
        while True:
            pace, turn, stays = await self._ask(asking)
            if turn is None:
                return pace
            if not stays:
                raise OutOfTurn(turn)
            await self._wait(asking, turn)

    async def succeed(self, account_id: UUID, pace: Pace, rate: Rate) -> Pace:
        """Writes only changes: an account whose limit is far costs no statement."""
        if after_success(pace, self.now(), rate.limit, rate.remaining) == pace:
            return pace
        return await self._change(
            account_id, pace, lambda one: after_success(one, self.now(), rate.limit, rate.remaining)
        )

    async def refuse(self, asking: Asking, pace: Pace, began: datetime, named: float | None, rate: Rate) -> Pace:
        """Stores a 429 of a call that `began` then, with the seconds that Avito has named. Raises OutOfTurn for a call
        that is refused again and again."""
        asking.refused += 1
        pace = await self._change(
            asking.account_id, pace, lambda one: after_refusal(one, self.now(), began, named, rate.remaining)
        )
        if asking.refused >= TRIES:
            raise OutOfTurn(max(ready_at(pace, self.now()), self.now() + COMES_AGAIN))
        return pace

    async def _ask(self, asking: Asking) -> tuple[Pace, datetime | None, bool]:
        """The pace, the time to ask again unless it is our turn, and whether to wait for it here."""
        async with self.sessions.begin() as session:
            account = await Account.find(session, asking.account_id, lock=True)
            if account is None:
                return Pace(), None, False
            now = self.now()
            queue = await AvitoWait.queue(session, account.id, now - PLACE_KEPT)
            others, me = _without(queue, asking.place)
            asking.place = me
            answer = take(account.pace, others, me, now)
            if isinstance(answer, Taken):
                if len(others) < len(queue):
                    await AvitoWait.leave(session, account.id, me.who, [me.urgency])
                account.pace = replace(answer.pace, queued_until=queued_until(others))
                return self._seen(account), None, False
            stays = self._waiting < WAITERS and asking.waited + (answer.until - now) <= PATIENCE
            turn = answer.until if stays else max(answer.until, now + COMES_AGAIN)
            asking.place = replace(me, retry_at=turn)
            if stays or asking.comes_again:
                await AvitoWait.enter(session, account.id, asking.place)
                others.append(asking.place)
            elif len(others) < len(queue):
                await AvitoWait.leave(session, account.id, me.who, [me.urgency])
            account.pace = replace(account.pace, queued_until=queued_until(others))
            return self._seen(account), turn, stays

    async def _wait(self, asking: Asking, turn: datetime) -> None:
        pause = turn - self.now()
        asking.waited += pause
        self._waiting += 1
        try:
            await self._sleep(max(pause.total_seconds(), 0.0))
        finally:
            self._waiting -= 1

    async def _change(self, account_id: UUID, pace: Pace, change: Callable[[Pace], Pace]) -> Pace:
        async with self.sessions.begin() as session:
            account = await Account.find(session, account_id, lock=True)
            if account is None:
                return change(pace)
            account.pace = change(account.pace)
            return self._seen(account)

    def _seen(self, account: Account) -> Pace:
        """So that other calls of this process, which have read the row before, know of it."""
        pace = account.pace
        if is_free(pace, self.now()):
            self._slow.pop(account.id, None)
        else:
            self._slow[account.id] = pace
        return pace


def _without(queue: Iterable[Place], me: Place) -> tuple[list[Place], Place]:
    """The others, and `me` with the time since which he waits."""
    others, asked_at = [], me.asked_at
    for one in queue:
        if (one.who, one.urgency) == (me.who, me.urgency):
            asked_at = min(asked_at, one.asked_at)
        else:
            others.append(one)
    return others, replace(me, asked_at=asked_at)
