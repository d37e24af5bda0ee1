"""Refresh tokens, the client's and the staff's: what is stored of one, and what one that comes back means."""

import hashlib
import logging
import secrets
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.session import RefreshToken, Verdict, judge
from logs import FIELDS
from models.family import AnyFamily, Family, FamilyToken, held

SECRET_BYTES: Final = 32
ENDED: Final = "Сессия завершена. Войдите снова."

log = logging.getLogger("privet.sessions")


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(refresh_token: str) -> bytes:
    """A random secret of 256 bits needs no salt and no slow hash."""
    return hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()


async def used(
    session: AsyncSession, tokens: type[FamilyToken], families: type[AnyFamily], secret: str, now: datetime
) -> AnyFamily | None:
    """The live session whose current token this was until now; None for any other token.

    A token that was used before ends the whole session: to be committed, although the answer is a refusal.
    """
    found = await held(session, tokens, families, digest_of(secret))
    if found is None:
        return None
    token, opened = found
    match await _judged(session, token, opened, now):
        case Verdict.ROTATE:
            token.replaced_at = opened.last_used_at = now
            return opened
        case Verdict.REUSED:
            opened.revoked_at = now
            log.warning("refresh token reused", extra={FIELDS: {"session_id": str(opened.id)}})
    return None


async def _judged(session: AsyncSession, token: FamilyToken, opened: Family, now: datetime) -> Verdict:
    newest = token.replaced_at is not None and await token.is_newest_replaced(session)
    known = RefreshToken(
        replaced_at=token.replaced_at,
        newest_replaced=newest,
        session_revoked=opened.revoked_at is not None,
        session_expires_at=opened.expires_at,
    )
    return judge(known, now)
