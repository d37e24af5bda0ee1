"""Sessions of clients, with refresh tokens that are rotated at every use and revoked together."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.refresh import ENDED, Opened, RefreshTokens
from activities.people.rights import check_not_blocked
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated, NotFound
from domain.people.origin import Origin
from domain.people.session import judge
from models.kernel.database import Sessions
from models.people.client_session import UserSession, UserSessionToken
from models.people.user import User


class ClientSessions(RefreshTokens[UserSession]):
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        super().__init__(sessions, UserSession, UserSessionToken, judge, now)

    async def start(self, user: User, origin: Origin) -> Opened[UserSession]:
        async with self.sessions.begin() as session:
            return await self.open(session, user.id, origin)

    async def open(self, session: AsyncSession, user_id: UUID, origin: Origin) -> Opened[UserSession]:
        """Open a session in the caller's transaction."""
        return await self._begin(session, origin, user_id=user_id)

    async def rotate(self, refresh_token: str) -> Opened[UserSession]:
        """Issue the next token; raises `NotAuthenticated` unless the token is valid for a live session."""
        async with self.sessions.begin() as session:
            opened = await self._used(session, refresh_token)
            if opened is not None:
                check_not_blocked(await session.get_one(User, opened.user_id))
                return self._with_token(session, opened)
        raise NotAuthenticated(ENDED)

    async def end_one(self, user_id: UUID, session_id: UUID) -> None:
        async with self.sessions.begin() as session:
            if not await UserSession.revoke(session, session_id, user_id, self.now()):
                raise NotFound("Такой сессии нет.")
