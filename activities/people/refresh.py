"""Refresh tokens of clients and managers: their stored form, and their rotation."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.clock import Clock
from domain.people.origin import Origin
from domain.people.session import SESSION_LIFETIME, RefreshToken, Verdict
from logs import FIELDS
from models.kernel.database import Sessions
from models.people.family import AnyFamily, Family, FamilyToken, held, revoke_family

SECRET_BYTES: Final = 32
ENDED: Final = "Сессия завершена. Войдите снова."

Judge: TypeAlias = Callable[[RefreshToken, datetime], Verdict]

log = logging.getLogger("privet.sessions")


@dataclass(frozen=True)
class Opened(Generic[AnyFamily]):
    """A session with its current refresh token, which is stored nowhere in clear."""

    session: AnyFamily
    refresh_token: str


class RefreshTokens(Generic[AnyFamily]):
    """Sessions with a refresh token that is rotated at every use; what clients and managers have in common."""

    def __init__(
        self, sessions: Sessions, families: type[AnyFamily], tokens: type[FamilyToken], judge: Judge, now: Clock
    ) -> None:
        self.sessions, self.now = sessions, now
        self._families, self._tokens, self._judge = families, tokens, judge

    async def end(self, refresh_token: str | None) -> None:
        async with self.sessions.begin() as session:
            await self._end(session, refresh_token)

    async def _end(self, session: AsyncSession, refresh_token: str | None) -> None:
        if refresh_token:
            await revoke_family(session, self._tokens, self._families, digest_of(refresh_token), self.now())

    async def _begin(self, session: AsyncSession, origin: Origin, **owner: Any) -> Opened[AnyFamily]:
        return self._with_token(session, await self._add(session, origin, SESSION_LIFETIME, **owner))

    async def _add(self, session: AsyncSession, origin: Origin, lifetime: timedelta, **owner: Any) -> AnyFamily:
        now = self.now()
        opened = self._families(
            ip=origin.ip,
            user_agent=origin.user_agent,
            created_at=now,
            last_used_at=now,
            expires_at=now + lifetime,
            **owner,
        )
        session.add(opened)
        await session.flush()
        return opened

    async def _revoke(self, session: AsyncSession, opened: AnyFamily) -> None:  # noqa: ARG002 - for subclasses
        opened.revoked_at = self.now()

    def _with_token(self, session: AsyncSession, opened: AnyFamily) -> Opened[AnyFamily]:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        session.add(self._tokens(digest=digest_of(secret), session_id=opened.id, created_at=self.now()))
        return Opened(opened, secret)

    async def _used(self, session: AsyncSession, secret: str) -> AnyFamily | None:
        """The live session to issue the next token for; None for any token but a valid one.

        A token that was used before ends the whole session: the caller commits that, although it answers with a
        refusal.
        """
        found = await held(session, self._tokens, self._families, digest_of(secret))
        if found is None:
            return None
        (token, opened), now = found, self.now()
        match self._judge(await _known(session, token, opened), now):
            case Verdict.ROTATE:
                await token.void_successor(session)
                token.replaced_at = opened.last_used_at = now
                return opened
            case Verdict.REUSED:
                await self._revoke(session, opened)
                log.warning("refresh token reused", extra={FIELDS: {"session_id": str(opened.id)}})
        return None


def digest_of(refresh_token: str) -> bytes:
    """SHA-256 of a token; a random secret of 256 bits needs no salt and no slow hash."""
    return hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()


async def _known(session: AsyncSession, token: FamilyToken, opened: Family) -> RefreshToken:
    newest = token.replaced_at is not None and await token.is_newest_replaced(session)
    return RefreshToken(
        replaced_at=token.replaced_at,
        newest_replaced=newest,
        session_revoked=opened.revoked_at is not None,
        session_expires_at=opened.expires_at,
    )
