"""Sessions of managers in a browser, with refresh tokens that are rotated at every use and revoked together."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.refresh import ENDED, digest_of, new_secret, used
from activities.people.rights import check_employed
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated
from domain.people.origin import Origin
from domain.people.session import SESSION_LIFETIME, judge_in_browser
from models.kernel.database import Sessions
from models.people.family import revoke_family
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken


@dataclass(frozen=True)
class Opened:
    """A session with its current refresh token, of which only the hash is stored."""

    manager: Manager
    refresh_token: str
    expires_at: datetime


class ManagerSessions:
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        self.sessions, self.now = sessions, now

    async def open(self, manager: Manager, origin: Origin, earlier: str | None) -> Opened:
        """Open a session; ends the session of the `earlier` token, because its cookie is replaced."""
        now = self.now()
        async with self.sessions.begin() as session:
            await self._end(session, earlier)
            opened = ManagerSession(
                manager_id=manager.id,
                ip=origin.ip,
                user_agent=origin.user_agent,
                created_at=now,
                last_used_at=now,
                expires_at=now + SESSION_LIFETIME,
            )
            session.add(opened)
            await session.flush()
            return self._with_token(session, opened, manager)

    async def rotate(self, refresh_token: str) -> Opened:
        """Issue the next token; raises `NotAuthenticated` unless the token is valid for a live session.

        `NotAllowed` leaves the token unchanged: the session works again once the account is enabled.
        """
        async with self.sessions.begin() as session:
            opened = await used(
                session, ManagerSessionToken, ManagerSession, refresh_token, judge_in_browser, self.now()
            )
            if opened is not None:
                manager = check_employed(await session.get(Manager, opened.manager_id))
                return self._with_token(session, opened, manager)
        raise NotAuthenticated(ENDED)

    async def end(self, refresh_token: str | None) -> None:
        async with self.sessions.begin() as session:
            await self._end(session, refresh_token)

    async def _end(self, session: AsyncSession, refresh_token: str | None) -> None:
        if refresh_token:
            await revoke_family(session, ManagerSessionToken, ManagerSession, digest_of(refresh_token), self.now())

    def _with_token(self, session: AsyncSession, opened: ManagerSession, manager: Manager) -> Opened:
        secret = new_secret()
        session.add(ManagerSessionToken(digest=digest_of(secret), session_id=opened.id, created_at=self.now()))
        return Opened(manager, secret, opened.expires_at)
