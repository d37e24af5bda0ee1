"""Sessions of clients: opened with a pair of tokens, rotated at every use, ended as a whole."""

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.client.access import not_blocked
from api.context import Context
from api.http.origin import Origin
from api.http.shapes import Shape
from api.people.refresh import ENDED, digest_of, new_secret, used
from domain.kernel.refusal import NotAuthenticated
from domain.people.session import SESSION_LIFETIME, judge
from models import User, UserSession, UserSessionToken


class TokenPair(Shape):
    access_token: str
    refresh_token: str = Field(description="Good for one use: its answer holds the next one.")
    token_type: str = "bearer"  # noqa: S105 - a name of RFC 6750
    expires_in: int = Field(description="Seconds that `access_token` lives.", examples=[900])


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
    """The next pair; `NotAuthenticated` for anything but the current token of a live session."""
    async with ctx.sessions.begin() as session:
        opened = await used(session, UserSessionToken, UserSession, refresh_token, judge, ctx.now())
        if opened is not None:
            not_blocked(await session.get_one(User, opened.user_id))
            return _pair(ctx, session, opened)
    raise NotAuthenticated(ENDED)


def _pair(ctx: Context, session: AsyncSession, opened: UserSession) -> TokenPair:
    secret = new_secret()
    session.add(UserSessionToken(digest=digest_of(secret), session_id=opened.id, created_at=ctx.now()))
    return TokenPair(
        access_token=ctx.client_tokens.issue(opened.user_id, opened.id),
        refresh_token=secret,
        expires_in=ctx.client_tokens.expires_in,
    )
