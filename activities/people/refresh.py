"""Refresh tokens of clients and managers: their stored form, and their rotation."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.people.session import RefreshToken, Verdict
from logs import FIELDS
from models.people.family import AnyFamily, Family, FamilyToken, held

SECRET_BYTES: Final = 32
ENDED: Final = "Сессия завершена. Войдите снова."

Judge: TypeAlias = Callable[[RefreshToken, datetime], Verdict]

log = logging.getLogger("privet.sessions")


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(refresh_token: str) -> bytes:
    """SHA-256 of a token; a random secret of 256 bits needs no salt and no slow hash."""
    return hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()


async def used(
    session: AsyncSession,
    tokens: type[FamilyToken],
    families: type[AnyFamily],
    secret: str,
    judge: Judge,
    now: datetime,
) -> AnyFamily | None:
    """The live session of a valid token, which is marked as used; None for any other token.

    A token that was used before ends the whole session: the caller must commit this before it refuses.
    """
    found = await held(session, tokens, families, digest_of(secret))
    if found is None:
        return None
    token, opened = found
    match judge(await _known(session, token, opened), now):
        case Verdict.ROTATE:
            await token.void_successor(session)
            token.replaced_at = opened.last_used_at = now
            return opened
        case Verdict.REUSED:
            opened.revoked_at = now
            log.warning("refresh token reused", extra={FIELDS: {"session_id": str(opened.id)}})
    return None


async def _known(session: AsyncSession, token: FamilyToken, opened: Family) -> RefreshToken:
    newest = token.replaced_at is not None and await token.is_newest_replaced(session)
    return RefreshToken(
        replaced_at=token.replaced_at,
        newest_replaced=newest,
        session_revoked=opened.revoked_at is not None,
        session_expires_at=opened.expires_at,
    )
