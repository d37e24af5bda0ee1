"""The managers' app at `/`: its page for all addresses without another route, and the files of the build."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from api.web.static_file import answer, find, whole
from settings import Settings

DIST: Final = Path(__file__).parents[2] / "web" / "dist"

FOR_EVER: Final = "public, max-age=31536000, immutable"
AN_HOUR: Final = "public, max-age=3600"

OURS: Final = (
    "/api", "/assets", "/codec", "/docs", "/healthz", "/metrics", "/openapi.json", "/readyz", "/verify",
)  # fmt: skip
"""Unknown addresses below these are 404, not the app's page."""

PERMISSIONS: Final = (
    "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()"
)

NOT_BUILT: Final = """<!doctype html>
<html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Привет</title>
<h1>Приложение не собрано</h1>
<p>Его собирает команда <code>make up</code> (или <code>make web</code>). Затем обновите эту страницу.</p>
<p lang="en">The app has not been built: <code>make up</code> (or <code>make web</code>) builds it.
Then reload this page.</p>
<p><a href="/docs">API</a></p>
</html>
"""


class AppRoute(Route):
    """Matches all addresses except those of `OURS`, which have their own 404 and 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path: str = scope.get("path", "")
        if any(path == one or path.startswith(f"{one}/") for one in OURS):
            return Match.NONE, {}
        return super().matches(scope)


class WebApp:
    """Serves the build in `dist`, which may be missing and may change between requests."""

    def __init__(self, dist: Path, store: str) -> None:
        self.dist, self.store = dist, store
        self._page: tuple[tuple[int, int, int], bytes] | None = None

    async def asset(self, request: Request) -> Response:
        """A file with a content-based name. Scripts carry the policy, because a worker obeys that of its own script."""
        name: str = request.path_params["name"]
        found = await find(self.dist / "assets", name, request.headers.get("accept-encoding", ""))
        if found is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOR_EVER}
        if found.media_type.startswith("text/javascript"):
            headers["Content-Security-Policy"] = policy(self.store)
        return answer(request, found, headers)

    async def page(self, request: Request) -> Response:
        """The app's page, which routes by the address; a name with a dot is a file or 404."""
        path = request.url.path
        if "." in path.rpartition("/")[2]:
            return await self._file(request, path.removeprefix("/"))
        page = await asyncio.to_thread(self._read)
        if page is None:
            headers = {"Content-Type": "text/html; charset=utf-8", "Retry-After": "30"}
            return whole(request, NOT_BUILT.encode(), headers, 503)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store",
            "Content-Security-Policy": policy(self.store),
            "Permissions-Policy": PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        return whole(request, page, headers)

    async def _file(self, request: Request, name: str) -> Response:
        found = await find(self.dist, name, request.headers.get("accept-encoding", ""))
        if found is None:
            raise HTTPException(404)
        return answer(request, found, {"Cache-Control": AN_HOUR})

    def _read(self) -> bytes | None:
        """The page, read once per build; None if it is missing."""
        path = self.dist / "index.html"
        try:
            now = path.stat()
            stamp = (now.st_ino, now.st_mtime_ns, now.st_size)
            if self._page is None or self._page[0] != stamp:
                self._page = stamp, path.read_bytes()
        except FileNotFoundError:
            return None
        return self._page[1]


def policy(store: str) -> str:
    """Content-Security-Policy: own origin only, except photos and voices in the object store."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob: data: {store}",
            f"media-src {store}",
            f"connect-src 'self' {store}",
            "font-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def install(app: FastAPI, settings: Settings, dist: Path = DIST) -> None:
    """Add the app's routes; must come after all other routes."""
    web = WebApp(dist, _origin(settings.s3_public_endpoint or settings.s3_endpoint))
    app.router.routes.append(Route("/assets/{name:path}", web.asset, methods=["GET"], include_in_schema=False))
    app.router.routes.append(AppRoute("/{path:path}", web.page, methods=["GET"], include_in_schema=False))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
