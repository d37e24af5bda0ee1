"""Middleware before all routes: normalised paths, bounded bodies, safe headers, CORS."""

from abc import ABC, abstractmethod
from typing import Any, Final

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import TOO_LARGE, instance_of, problem
from domain.kernel import sizes
from domain.kernel.refusal import TooLarge

JSON_BYTES: Final = sizes.MEGABYTE
FORM_BYTES: Final = sizes.PHOTO + 64 * 1024
"""The largest file and its form fields."""

CODEC_BYTES: Final = 8 * sizes.MEGABYTE
LARGER: Final = {
    "/api/v1/contracts/verify": sizes.PDF + 64 * 1024,
    "/verify": sizes.PDF + 64 * 1024,
    "/codec/decode": CODEC_BYTES,
    "/codec/encode": CODEC_BYTES,
}
"""Limits of routes that accept a contract, or a page of a workflow's history."""

LARGEST: Final = max(FORM_BYTES, *LARGER.values())
"""What a proxy must let through; deploy/Caddyfile has the same number."""

CORS_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
CORS_HEADERS: Final = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-Id")
CORS_EXPOSED: Final = ("Content-Disposition", "ETag", "Link", "Retry-After", "X-Request-Id")


class OfHttp(ABC):
    """Middleware of HTTP requests; other connections pass it by."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.handle if scope["type"] == "http" else self.app)(scope, receive, send)

    @abstractmethod
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class OneSpelling(OfHttp):
    """Treats `/clients/` as `/clients`, without a redirect, which would lose the body."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(scope["path"]) > 1 and scope["path"].endswith("/"):
            raw = scope.get("raw_path") or scope["path"].encode()
            scope = {**scope, "path": scope["path"].rstrip("/") or "/", "raw_path": raw.rstrip(b"/") or b"/"}
        await self.app(scope, receive, send)


class BoundedBody(OfHttp):
    """Answers 413 to a body above the limit, immediately if `Content-Length` exceeds it."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        form = headers.get("content-type", "").lower().startswith("multipart/")
        limit, seen = LARGER.get(scope["path"].rstrip("/"), FORM_BYTES if form else JSON_BYTES), 0
        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
            await problem(instance_of(scope), TooLarge(TOO_LARGE))(scope, receive, send)
            return

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)


class SafeHeaders(OfHttp):
    """Headers against sniffing, framing, caching and foreign content."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("Cache-Control", "no-store")
                headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            await send(message)

        await self.app(scope, receive, send_safely)


class CorsBelow(OfHttp):
    """CORS for the paths that begin with `path`: the API and the codec have each their own."""

    def __init__(self, app: ASGIApp, /, path: str, **options: Any) -> None:
        super().__init__(app)
        self.path, self.cors = path, CORSMiddleware(app, **options)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.cors if scope["path"].startswith(self.path) else self.app)(scope, receive, send)


def allow_origins(app: FastAPI, origins: list[str]) -> None:
    """Pages of other origins may call the API."""
    app.add_middleware(
        CorsBelow,
        path="/api/",
        allow_origins=origins,
        allow_methods=CORS_METHODS,
        allow_headers=CORS_HEADERS,
        expose_headers=CORS_EXPOSED,
        max_age=600,
    )
