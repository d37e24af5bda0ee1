"""Sessions of managers: in a browser with refresh tokens that are rotated at every use, elsewhere without them."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.refresh import ENDED, Opened, RefreshTokens, digest_of
from activities.people.rights import check_employed
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated
from domain.people.origin import Origin
from domain.people.session import judge_in_browser
from models.kernel.database import Sessions
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken, SessionKind


class ManagerSessions(RefreshTokens[ManagerSession]):
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        super().__init__(sessions, ManagerSession, ManagerSessionToken, judge_in_browser, now)

    async def open(self, manager: Manager, origin: Origin, earlier: str | None) -> Opened[ManagerSession]:
        """Open a session in a browser; ends the session of the `earlier` token, because its cookie is replaced."""
        async with self.sessions.begin() as session:
            await self._end(session, earlier)
            return await self._begin(session, origin, manager_id=manager.id)

    async def open_without_refresh(
        self, manager: Manager, origin: Origin, kind: SessionKind, lifetime: timedelta
    ) -> ManagerSession:
        """Open a session that lasts as long as its one token."""
        async with self.sessions.begin() as session:
            return await self._add(session, origin, lifetime, manager_id=manager.id, kind=kind)

    async def rotate(self, refresh_token: str) -> Opened[ManagerSession]:
        """The next token; `NotAuthenticated` for anything but a valid token of a live session.

        `NotAllowed` leaves the token unchanged: the session works again once the account is enabled.
        """
        async with self.sessions.begin() as session:
            opened = await self._used(session, refresh_token)
            if opened is not None:
                check_employed(await session.get(Manager, opened.manager_id))
                return self._with_token(session, opened)
        raise NotAuthenticated(ENDED)

    async def log_out(self, refresh_token: str | None, session_id: UUID | None) -> None:
        """End the session of the refresh token and that of the id, and the manager's sessions at the codec."""
        digest = digest_of(refresh_token) if refresh_token else None
        async with self.sessions.begin() as session:
            await ManagerSession.end_with_codec(session, session_id, digest, self.now())

    async def live(self, ids: Collection[UUID]) -> Mapping[UUID, Manager]:
        """The enabled managers of those of the sessions that are live, by session."""
        async with self.sessions() as session:
            found = await ManagerSession.live_of(session, ids, self.now())
        return {opened.id: manager for opened, manager in found}

    async def _revoke(self, session: AsyncSession, opened: ManagerSession) -> None:
        await ManagerSession.end_with_codec(session, opened.id, None, self.now())

    async def _end(self, session: AsyncSession, refresh_token: str | None) -> None:
        if refresh_token:
            await ManagerSession.end_with_codec(session, None, digest_of(refresh_token), self.now())
