"""Pace of calls to one Avito account, shared by all workers in its row; most accounts have none."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.kernel.clock import Clock
from domain.kernel.pace import Pace, after_refusal, after_success, ready_at
from models import Account
from models.kernel.database import Sessions

SHORT_WAIT: Final = timedelta(seconds=2)
"""Longest wait for a turn inside a call; a later turn is left to another attempt."""


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


class Paces:
    """Methods take the pace as last seen and return the current one."""

    def __init__(self, sessions: Sessions, now: Clock, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.sessions, self.now, self._sleep = sessions, now, sleep

    async def take_turn(self, account_id: UUID, pace: Pace) -> Pace:
        """Waits for the next turn and takes it; raises OutOfTurn if it is far. Without a pace there is no wait."""
        if pace.interval_ms == 0 and ready_at(pace, self.now()) <= self.now():
            return pace
        async with self.sessions.begin() as session:
            account = await Account.find(session, account_id, lock=True)
            if account is None:
                return pace
            now, pace = self.now(), pace_of(account)
            turn = ready_at(pace, now)
            if turn - now > SHORT_WAIT:
                raise OutOfTurn(turn)
            account.next_at = turn + timedelta(milliseconds=account.interval_ms)
        if turn > now:
            await self._sleep((turn - now).total_seconds())
        return pace

    async def succeed(self, account_id: UUID, pace: Pace, rate: Rate) -> Pace:
        """Writes only changes: an account without a pace costs no statement."""
        after = after_success(pace, self.now(), rate.limit, rate.remaining)
        if (after.interval_ms, after.blocked_until) == (pace.interval_ms, pace.blocked_until):
            return pace
        async with self.sessions.begin() as session:
            account = await Account.find(session, account_id, lock=True)
            if account is None:
                return pace
            after = after_success(pace_of(account), self.now(), rate.limit, rate.remaining)
            # Other workers may have taken later turns already.
            turns = [at for at in (after.next_at, account.next_at) if at is not None]
            return _set_pace(account, replace(after, next_at=max(turns, default=None)))

    async def refuse(self, account_id: UUID, pace: Pace, retry_after: float) -> Pace:
        """Stores a 429 with its Retry-After in seconds."""
        async with self.sessions.begin() as session:
            account = await Account.find(session, account_id, lock=True)
            if account is None:
                return after_refusal(pace, self.now(), retry_after)
            return _set_pace(account, after_refusal(pace_of(account), self.now(), retry_after))


def pace_of(account: Account) -> Pace:
    return Pace(account.blocked_until, account.interval_ms, account.next_at)


def _set_pace(account: Account, pace: Pace) -> Pace:
    account.blocked_until, account.interval_ms, account.next_at = pace.blocked_until, pace.interval_ms, pace.next_at
    return pace
