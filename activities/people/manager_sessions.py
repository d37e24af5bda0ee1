"""Sessions of managers in a browser: opened with a refresh token that is rotated at every use, ended as a whole."""

from dataclasses import dataclass
from datetime import datetime

from activities.people.refresh import ENDED, RefreshTokens
from activities.people.rights import check_employed
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated
from domain.people.origin import Origin
from domain.people.session import judge_in_browser
from models.kernel.database import Sessions
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken


@dataclass(frozen=True)
class Opened:
    """A session with its current refresh token, which is stored nowhere in clear."""

    manager: Manager
    refresh_token: str
    expires_at: datetime


class ManagerSessions(RefreshTokens[ManagerSession]):
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        super().__init__(sessions, ManagerSession, ManagerSessionToken, judge_in_browser, now)

    async def open(self, manager: Manager, origin: Origin, earlier: str | None) -> Opened:
        """A new session; the one of the `earlier` token ends, because its cookie is replaced."""
        async with self.sessions.begin() as session:
            await self._end(session, earlier)
            opened = await self._begin(session, origin, manager_id=manager.id)
            return Opened(manager, self._next_token(session, opened), opened.expires_at)

    async def rotate(self, refresh_token: str) -> Opened:
        """The next token; `NotAuthenticated` for anything but a valid token of a live session.

        `NotAllowed` leaves the token as it was: an account that is enabled again finds its session.
        """
        async with self.sessions.begin() as session:
            opened = await self._used(session, refresh_token)
            if opened is not None:
                manager = check_employed(await session.get(Manager, opened.manager_id))
                return Opened(manager, self._next_token(session, opened), opened.expires_at)
        raise NotAuthenticated(ENDED)
