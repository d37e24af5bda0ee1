"""Sessions of managers in a browser, with refresh tokens that are rotated at every use and revoked together."""

from activities.people.refresh import ENDED, Opened, RefreshTokens
from activities.people.rights import check_employed
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated
from domain.people.origin import Origin
from domain.people.session import judge_in_browser
from models.kernel.database import Sessions
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken


class ManagerSessions(RefreshTokens[ManagerSession]):
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        super().__init__(sessions, ManagerSession, ManagerSessionToken, judge_in_browser, now)

    async def open(self, manager: Manager, origin: Origin, earlier: str | None) -> Opened[ManagerSession]:
        """Open a session; ends the session of the `earlier` token, because its cookie is replaced."""
        async with self.sessions.begin() as session:
            await self._end(session, earlier)
            return await self._begin(session, origin, manager_id=manager.id)

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
