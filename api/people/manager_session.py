"""Sessions of managers in a browser: a refresh token in an HttpOnly, same-site cookie."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import Field, StrictStr

from activities.people.refresh import ENDED, Opened
from api.context import Context, Ctx
from api.http.fields import Body, Password, typed
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Shape
from domain.kernel import sizes
from domain.kernel.refusal import NotAllowed, NotAuthenticated
from domain.kernel.text import visible
from domain.people.origin import Origin
from models.people.manager import Manager
from models.people.manager_session import ManagerSession

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
    """Stores the session of a manager in a cookie; without the header `X-Session: cookie` no session is kept."""

    ctx: Context
    origin: Origin
    response: Response
    wanted: bool
    shown: str | None
    """The refresh token in the request's cookie."""

    async def signed_in(self, manager: Manager) -> Token:
        """The access token of the manager; sets the refresh token of a new session as a cookie."""
        if self.wanted:
            self._keep(await self.ctx.manager_sessions.open(manager, self.origin, self.shown))
        return self._token(manager.id)

    async def next(self) -> Token:
        """A new access token, with the next refresh token in the cookie."""
        if not self.wanted or not self.shown:
            raise NotAuthenticated(ENDED)
        opened = await self.ctx.manager_sessions.rotate(self.shown)
        self._keep(opened)
        return self._token(opened.session.manager_id)

    async def end(self) -> None:
        await self.ctx.manager_sessions.end(self.shown)
        self._set("", self.ctx.now())

    def _token(self, manager_id: UUID) -> Token:
        tokens = self.ctx.manager_tokens
        return Token(access_token=tokens.issue(manager_id), expires_in=tokens.expires_in)

    def _keep(self, opened: Opened[ManagerSession]) -> None:
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
