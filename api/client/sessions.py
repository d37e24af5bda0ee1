"""Sessions as rows: opened with a pair of tokens, rotated at every use, ended as a whole."""

import hashlib
import logging
import secrets
from typing import Final

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.client.access import not_blocked
from api.context import Context
from api.origin import Origin
from api.shapes import Shape
from domain.errors import NotAuthenticated
from domain.session import SESSION_LIFETIME, RefreshToken, Verdict, judge
from logs import FIELDS
from models import User, UserSession, UserSessionToken

SECRET_BYTES: Final = 32
ENDED: Final = "Сессия завершена. Войдите снова."

log = logging.getLogger("privet.sessions")


class TokenPair(Shape):
    access_token: str
    refresh_token: str = Field(description="Good for one use: its answer holds the next one.")
    token_type: str = "bearer"  # noqa: S105 - a name of RFC 6750
    expires_in: int = Field(description="Seconds that `access_token` lives.", examples=[900])


def digest_of(refresh_token: str) -> bytes:
    """A random secret of 256 bits needs no salt and no slow hash."""
    return hashlib.sha256(refresh_token.encode()).digest()


async def open_session(ctx: Context, session: AsyncSession, user: User, origin: Origin) -> TokenPair:
    """A device signs in; the caller's transaction writes it."""
    now = ctx.now()
    opened = UserSession(
        user_id=user.id,
        ip=origin.ip,
        user_agent=origin.user_agent,
        created_at=now,
        last_used_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    session.add(opened)
    await session.flush()
    return _pair(ctx, session, opened)


async def rotate(ctx: Context, refresh_token: str) -> TokenPair:
    """The next pair; `NotAuthenticated` for anything but the current token of a live session.

    A token that was used before ends the whole session, and that is written although the answer is a refusal.
    """
    async with ctx.sessions.begin() as session:
        held = await UserSessionToken.held(session, digest_of(refresh_token))
        if held is None:
            raise NotAuthenticated(ENDED)
        token, opened = held
        verdict = await _judged(ctx, session, token, opened)
        if verdict is Verdict.ROTATE:
            not_blocked(await session.get_one(User, opened.user_id))
            token.replaced_at = opened.last_used_at = ctx.now()
            return _pair(ctx, session, opened)
        if verdict is Verdict.REUSED:
            opened.revoked_at = ctx.now()
            log.warning("refresh token reused", extra={FIELDS: {"session_id": str(opened.id)}})
    raise NotAuthenticated(ENDED)


async def _judged(ctx: Context, session: AsyncSession, token: UserSessionToken, opened: UserSession) -> Verdict:
    newest = token.replaced_at is not None and await token.is_newest_replaced(session)
    known = RefreshToken(
        replaced_at=token.replaced_at,
        newest_replaced=newest,
        session_revoked=opened.revoked_at is not None,
        session_expires_at=opened.expires_at,
    )
    return judge(known, ctx.now())


def _pair(ctx: Context, session: AsyncSession, opened: UserSession) -> TokenPair:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session.add(UserSessionToken(digest=digest_of(secret), session_id=opened.id, created_at=ctx.now()))
    return TokenPair(
        access_token=ctx.client_tokens.issue(opened.user_id, opened.id),
        refresh_token=secret,
        expires_in=ctx.client_tokens.expires_in,
    )
