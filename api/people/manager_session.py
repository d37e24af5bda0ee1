"""Sessions of managers: in a browser with a refresh token in an HttpOnly, same-site cookie."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import Field, StrictStr

from activities.people.refresh import ENDED, Opened
from api.context import Context, Ctx
from api.http.fields import Body, Password, typed
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.place import Browser, CallerBrowser
from domain.kernel import sizes
from domain.kernel.refusal import NotAllowed, NotAuthenticated
from domain.kernel.text import visible
from domain.people.origin import Origin
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, SessionKind

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


class Login(Body):
    email: Annotated[
        StrictStr, Field(min_length=1, max_length=sizes.EMAIL, examples=["manager@example.com"]), typed(visible)
    ]
    password: Password


class Token(Shape):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme, RFC 6750
    expires_in: int = Field(description="Seconds.")


@dataclass(frozen=True)
class Keeper:
    """Opens and ends sessions of managers; the header `X-Session: cookie` asks for a cookie that keeps one."""

    ctx: Context
    origin: Origin
    response: Response
    wanted: bool
    shown: str | None
    """The refresh token in the request's cookie."""

    browser: Browser

    async def signed_in(self, manager: Manager) -> Token:
        """An access token in a new session, which lasts as long as it, or longer by the refresh token in a cookie."""
        sessions = self.ctx.manager_sessions
        if not self.wanted:
            lifetime = self.ctx.manager_tokens.lifetime
            opened_once = await sessions.open_without_refresh(manager, self.origin, SessionKind.TOKEN, lifetime)
            await self.ctx.staff_places.came(manager.id, self.browser.place)
            return self._token(opened_once)
        opened = await sessions.open(manager, self.origin, self.shown)
        await self._keep(opened)
        return self._token(opened.session)

    async def next(self) -> Token:
        """A new access token, with the next refresh token in the cookie."""
        if not self.wanted or not self.shown:
            raise NotAuthenticated(ENDED)
        opened = await self.ctx.manager_sessions.rotate(self.shown)
        await self._keep(opened)
        return self._token(opened.session)

    async def end(self, session_id: UUID | None) -> None:
        """Ends the cookie's session and the one of the id, if any."""
        await self.ctx.manager_sessions.log_out(self.shown, session_id)
        self._set("", self.ctx.now())

    def _token(self, opened: ManagerSession) -> Token:
        tokens = self.ctx.manager_tokens
        return Token(
            access_token=tokens.issue(opened.manager_id, opened.id, opened.expires_at), expires_in=tokens.expires_in
        )

    async def _keep(self, opened: Opened[ManagerSession]) -> None:
        await self.ctx.staff_places.came(opened.session.manager_id, self.browser.place)
        self.browser.keep(self.response)
        self._set(opened.refresh_token, opened.session.expires_at)

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


# Async, because FastAPI runs plain functions in threads.
async def keeper_of(
    request: Request, ctx: Ctx, origin: CallerOrigin, response: Response, browser: CallerBrowser, wish: Wish = None
) -> Keeper:
    return Keeper(ctx, origin, response, wish == WANTED, request.cookies.get(COOKIE), browser)


Keeping = Annotated[Keeper, Depends(keeper_of)]

routes = router("conversations: session", "/auth")


@routes.post("/refresh", response_model=Token, responses=problems(NotAuthenticated, NotAllowed))
async def refresh(keeper: Keeping) -> Token:
    """For the cookie of a log-in with `X-Session: cookie`, which this header has to come with.

    The cookie is good until the next one, which the answer has, is used. An older one ends the session.
    """
    return await keeper.next()


@routes.post("/logout", status_code=204)
async def log_out(keeper: Keeping, ctx: Ctx, request: Request) -> None:
    """Ends the sessions of the cookie and of the access token, each if there is one; neither is needed.

    The session's access tokens and event streams end with it, and the manager's log-in at the codec.
    """
    _, token = get_authorization_scheme_param(request.headers.get("authorization"))
    await keeper.end(_session_of(ctx, token))


def _session_of(ctx: Context, token: str) -> UUID | None:
    """None without a token, and for one that opens nothing any more."""
    try:
        return ctx.manager_tokens.read(token).session
    except NotAuthenticated:
        return None
