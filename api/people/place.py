"""Where a request comes from: its network, and the browser by a cookie of its own."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Response
from starlette.requests import HTTPConnection

from api.context import Ctx
from api.http.origin import CallerOrigin
from domain.people.nearby import Place, digest_of

COOKIE: Final = "privet_browser"
LIFETIME: Final = 400 * 24 * 3600
"""Seconds; no browser keeps a cookie longer."""


@dataclass(frozen=True)
class Browser:
    """`cookie` is what the browser has shown, or a new value that `keep` gives it."""

    place: Place
    cookie: str
    secure: bool

    def keep(self, response: Response) -> None:
        """Lax: the cookie comes with links too, and with no request of another site's page."""
        response.set_cookie(
            COOKIE, self.cookie, max_age=LIFETIME, path="/", secure=self.secure, httponly=True, samesite="lax"
        )


# Async, because FastAPI runs plain functions in threads.
async def place_of(request: HTTPConnection, origin: CallerOrigin) -> Place:
    return Place.of(origin, request.cookies.get(COOKIE))


async def browser_of(request: HTTPConnection, ctx: Ctx, origin: CallerOrigin) -> Browser:
    shown = request.cookies.get(COOKIE)
    cookie = shown if shown is not None and digest_of(shown) else secrets.token_urlsafe(32)
    return Browser(Place.of(origin, cookie), cookie, ctx.settings.web_url.startswith("https://"))


CallerPlace = Annotated[Place, Depends(place_of)]
CallerBrowser = Annotated[Browser, Depends(browser_of)]
