"""Sessions of clients, with refresh tokens that are rotated at every use and revoked together."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.refresh import ENDED, digest_of, new_secret, used
from activities.people.rights import check_not_blocked
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated, NotFound
from domain.people.origin import Origin
from domain.people.session import SESSION_LIFETIME, judge
from models.kernel.database import Sessions
from models.people.client_session import UserSession, UserSessionToken
from models.people.family import revoke_family
from models.people.user import User


@dataclass(frozen=True)
class Opened:
    """A session with its current refresh token, of which only the hash is stored."""

    user_id: UUID
    session_id: UUID
    refresh_token: str


class ClientSessions:
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        self.sessions, self.now = sessions, now

    async def start(self, user: User, origin: Origin) -> Opened:
        async with self.sessions.begin() as session:
            return await self.open(session, user.id, origin)

    async def open(self, session: AsyncSession, user_id: UUID, origin: Origin) -> Opened:
        """Open a session in the caller's transaction."""
        now = self.now()
        opened = UserSession(
            user_id=user_id,
            ip=origin.ip,
            user_agent=origin.user_agent,
            created_at=now,
            last_used_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
        session.add(opened)
        await session.flush()
        return self._with_token(session, opened)

    async def rotate(self, refresh_token: str) -> Opened:
        """Issue the next token; raises `NotAuthenticated` unless the token is valid for a live session."""
        async with self.sessions.begin() as session:
            opened = await used(session, UserSessionToken, UserSession, refresh_token, judge, self.now())
            if opened is not None:
                check_not_blocked(await session.get_one(User, opened.user_id))
                return self._with_token(session, opened)
        raise NotAuthenticated(ENDED)

    async def end(self, refresh_token: str) -> None:
        async with self.sessions.begin() as session:
            await revoke_family(session, UserSessionToken, UserSession, digest_of(refresh_token), self.now())

    async def end_one(self, user_id: UUID, session_id: UUID) -> None:
        async with self.sessions.begin() as session:
            if not await UserSession.revoke(session, session_id, user_id, self.now()):
                raise NotFound("Такой сессии нет.")

    def _with_token(self, session: AsyncSession, opened: UserSession) -> Opened:
        secret = new_secret()
        session.add(UserSessionToken(digest=digest_of(secret), session_id=opened.id, created_at=self.now()))
        return Opened(opened.user_id, opened.id, secret)
