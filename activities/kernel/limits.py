"""Rate limits, counted in the database for all processes."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import Refusal, TooManyRequests
from models.kernel.database import Sessions
from models.kernel.limit import RateBucket

PIECES: Final = 10
"""Pieces of a window, which slides by one piece, so that its edge does not allow twice the tries."""


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts in any `seconds`."""

    name: str
    most: int
    seconds: int

    @property
    def piece(self) -> int:
        return max(1, self.seconds // PIECES)


LOGIN_ACCOUNT: Final = Limit("login-account-network", 10, 600)
"""Per account and network together: whoever guesses elsewhere locks nobody out."""

LOGIN_ADDRESS: Final = Limit("login-address", 100, 600)
LOGIN_ANYWHERE: Final = Limit("login-anywhere", 10, 600)
"""Per account, from everywhere: more failures slow its log-ins down and refuse none."""

REGISTER_ADDRESS: Final = Limit("register-address", 20, 3600)
PROFILE_ACCOUNT: Final = Limit("profile-account", 20, 3600)
"""Phones and e-mail addresses that an account may try to take."""

CONFIRM_NETWORK: Final = Limit("confirm-network", 30, 3600)
"""Codes that one network may ask for, over all accounts."""

CONFIRM_GUESS: Final = Limit("confirm-guess", 100, 3600)
"""Wrong codes of one network, over all accounts."""

PHONE_LINK: Final = Limit("phone-link-account", 20, 3600)
VERIFY_ADDRESS: Final = Limit("verify-address", 120, 60)
VERIFY_UPLOAD_ADDRESS: Final = Limit("verify-upload-address", 20, 60)

Asked: TypeAlias = tuple[Limit, str]
"""A limit and the subject it is counted for: an account, a network, or both."""


class Limits:
    """Checks and counts attempts. Keys are keyed hashes: the table stores no phone, e-mail or address."""

    def __init__(self, sessions: Sessions, keyring: Keyring, now: Clock) -> None:
        self._sessions, self._secret, self._now = sessions, keyring.subkey("rate-limits"), now

    async def check(self, *asked: Asked) -> None:
        """Raises `TooManyRequests` with the seconds until the next try is allowed."""
        now = self._now()
        waits = [_wait(pieces, limit, now) for pieces, (limit, _) in zip(await self._pieces(asked), asked, strict=True)]
        if wait := max(waits):
            raise TooManyRequests(f"Слишком много попыток. Повторите через {_spoken(wait)}.", retry_after=wait)

    async def counted(self, limit: Limit, subject: str) -> int:
        """Attempts in the window now."""
        (pieces,) = await self._pieces([(limit, subject)])
        return sum(count for _, count in _live(pieces, limit, self._now()))

    @asynccontextmanager
    async def guess(self, wrong: type[Refusal], *asked: Asked) -> AsyncIterator[None]:
        """Raises `TooManyRequests` at once, or counts the attempt if it ends in a refusal of the kind `wrong`."""
        await self.check(*asked)
        try:
            yield
        except wrong:
            await self.count(*asked)
            raise

    async def count(self, *asked: Asked) -> None:
        """Add one to each counter."""
        now = self._now()
        async with self._sessions.begin() as session:
            for key, limit in sorted((self._key(limit, subject), limit) for limit, subject in asked):
                await RateBucket.add(session, key, _piece_of(now, limit))

    async def spend(self, limit: Limit, subject: str) -> None:
        """Check and count, for limits that include successful attempts."""
        await self.check((limit, subject))
        await self.count((limit, subject))

    async def spend_in(self, session: AsyncSession, limit: Limit, subject: str) -> None:
        """Count in the caller's transaction, which `TooManyRequests` must roll back.

        The counter's row stays locked until it ends, so that calls at the same time cannot pass the bound together.
        """
        now, key = self._now(), self._key(limit, subject)
        await RateBucket.add(session, key, _piece_of(now, limit))
        pieces = await RateBucket.since(session, [key], now - timedelta(seconds=limit.seconds + limit.piece))
        if sum(count for _, count in _live(list(pieces), limit, now)) > limit.most:
            wait = _wait(list(pieces), limit, now)
            raise TooManyRequests(f"Слишком много попыток. Повторите через {_spoken(wait)}.", retry_after=wait)

    async def _pieces(self, asked: Sequence[Asked]) -> list[list[RateBucket]]:
        """The counters of each, in one statement."""
        keys = [self._key(limit, subject) for limit, subject in asked]
        longest = max(limit.seconds + limit.piece for limit, _ in asked)
        async with self._sessions() as session:
            found = await RateBucket.since(session, keys, self._now() - timedelta(seconds=longest))
        return [[one for one in found if one.key == key] for key in keys]

    def _key(self, limit: Limit, subject: str) -> str:
        digest = hmac.digest(self._secret, f"{limit.name}:{subject}".encode(), hashlib.sha256)
        return f"{limit.name}:{digest.hex()}"


def _wait(pieces: list[RateBucket], limit: Limit, now: datetime) -> int:
    """Whole seconds until the window contains fewer than `most` attempts; 0 if it does now."""
    live = _live(pieces, limit, now)
    total = sum(count for _, count in live)
    wait = 0
    for ends, count in live:
        if total < limit.most:
            break
        total -= count
        wait = max(1, ceil((ends - now).total_seconds()))
    return wait


def _live(pieces: list[RateBucket], limit: Limit, now: datetime) -> list[tuple[datetime, int]]:
    """Ends and counts of the pieces in the window, the first to end first."""
    kept = timedelta(seconds=limit.seconds + limit.piece)
    return sorted((one.window_start + kept, one.count) for one in pieces if one.window_start + kept > now)


def _piece_of(now: datetime, limit: Limit) -> datetime:
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % limit.piece, UTC)


def _spoken(seconds: int) -> str:
    return f"{seconds} с" if seconds < 120 else f"{ceil(seconds / 60)} мин"
