"""The session of the staff's browser: a refresh token in a cookie that no script reads and no other site sends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context, Ctx
from api.conversations.access import employed
from api.http.origin import CallerOrigin, Origin
from api.http.problems import problems
from api.http.route import router
from api.people.login import Token, token_of
from api.people.refresh import ENDED, digest_of, new_secret, used
from domain.kernel.refusal import NotAllowed, NotAuthenticated
from domain.people.session import SESSION_LIFETIME, judge_in_browser
from models.people.family import revoke_family
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken

COOKIE: Final = "privet_session"
PATH: Final = "/api/auth"
WANTED: Final = "cookie"

Wish = Annotated[
    str | None,
    Header(
        alias="X-Session",
        max_length=100,
        description="`cookie`: a browser of ours asks; its session is kept in a cookie. A form cannot send it.",
    ),
]


@dataclass(frozen=True)
class Keeper:
    """What a log-in needs to keep somebody signed in; without the header it keeps nothing."""

    ctx: Context
    origin: Origin
    response: Response
    wanted: bool
    shown: str | None
    """The secret in the cookie that the request brought."""

    async def signed_in(self, manager: Manager) -> Token:
        """His access token; the session goes into the answer's cookie."""
        if self.wanted:
            async with self.ctx.sessions.begin() as session:
                await self._open(session, manager)
        return token_of(self.ctx, manager)

    async def next(self) -> Token:
        """For the token of a live session, with the next one in the cookie; NotAuthenticated for any other.

        NotAllowed leaves the token as it was: an account that is switched on again finds its session.
        """
        if not self.wanted or not self.shown:
            raise NotAuthenticated(ENDED)
        async with self.ctx.sessions.begin() as session:
            opened = await used(
                session, ManagerSessionToken, ManagerSession, self.shown, judge_in_browser, self.ctx.now()
            )
            if opened is not None:
                manager = employed(await session.get(Manager, opened.manager_id))
                self._set(self._new_token(session, opened), opened.expires_at)
                return token_of(self.ctx, manager)
        raise NotAuthenticated(ENDED)

    async def end(self) -> None:
        async with self.ctx.sessions.begin() as session:
            await self._end(session)
        self._set("", self.ctx.now())

    async def _end(self, session: AsyncSession) -> None:
        if self.shown:
            digest = digest_of(self.shown)
            await revoke_family(session, ManagerSessionToken, ManagerSession, digest, self.ctx.now())

    async def _open(self, session: AsyncSession, manager: Manager) -> None:
        """In the place of the one that the cookie had, which nobody could end any more."""
        await self._end(session)
        now = self.ctx.now()
        opened = ManagerSession(
            manager_id=manager.id,
            ip=self.origin.ip,
            user_agent=self.origin.user_agent,
            created_at=now,
            last_used_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
        session.add(opened)
        await session.flush()
        self._set(self._new_token(session, opened), opened.expires_at)

    def _new_token(self, session: AsyncSession, opened: ManagerSession) -> str:
        secret = new_secret()
        session.add(ManagerSessionToken(digest=digest_of(secret), session_id=opened.id, created_at=self.ctx.now()))
        return secret

    def _set(self, secret: str, until: datetime) -> None:
        self.response.set_cookie(
            COOKIE,
            secret,
            max_age=int((until - self.ctx.now()).total_seconds()),
            path=PATH,
            secure=self.ctx.settings.web_url.startswith("https://"),
            httponly=True,
            samesite="strict",
        )


# Async, because FastAPI would send a plain function to a thread.
async def keeper_of(request: Request, ctx: Ctx, origin: CallerOrigin, response: Response, wish: Wish = None) -> Keeper:
    return Keeper(ctx, origin, response, wish == WANTED, request.cookies.get(COOKIE))


Keeping = Annotated[Keeper, Depends(keeper_of)]

routes = router("conversations: session", "/auth")


@routes.post("/refresh", response_model=Token, responses=problems(NotAuthenticated, NotAllowed))
async def refresh(keeper: Keeping) -> Token:
    """For the cookie of a log-in with `X-Session: cookie`, which this header has to come with.

    The cookie is good until the next one, which the answer has, is used. An older one ends the session.
    """
    return await keeper.next()


@routes.post("/logout", status_code=204)
async def log_out(keeper: Keeping) -> None:
    """Ends the session of the cookie, if there is one; no access token is needed."""
    await keeper.end()
