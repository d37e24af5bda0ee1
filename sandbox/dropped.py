"""An answer that never comes: the connection is closed instead, as when a network breaks after the work is done."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HANG_UP = "sandbox.hang_up"
"""ASGI extension in which sandbox.serving hands over the transport's abort()."""


class Dropped(Response):
    """Return it from a route when `Fault.DROPPED` strikes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        extension = scope.get("extensions", {}).get(HANG_UP)
        if extension is None:
            raise ConnectionResetError("dropped on purpose")
        extension["abort"]()
        while (await receive())["type"] != "http.disconnect":
            pass
