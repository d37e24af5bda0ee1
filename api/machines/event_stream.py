"""A `text/event-stream` response: events, a comment after silence, and `bye` at the end."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.machines.live import BYE, Live, Stream

MEDIA_TYPE: Final = "text/event-stream"
PING: Final = b": ping\n\n"

SLOWEST: Final = 60.0
"""Seconds of a blocked write after which the page is disconnected."""


class EventStream(Response):
    """Ends with `bye` after `seconds` or at the end of the stream, without `bye` if the page has disconnected."""

    media_type = MEDIA_TYPE

    def __init__(self, live: Live, stream: Stream, seconds: float) -> None:
        self.live, self.stream, self.seconds = live, stream, seconds
        self.status_code = 200
        self.background = None
        # Disables buffering of events in a proxy (nginx).
        self.init_headers({"X-Accel-Buffering": "no"})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI passes three arguments
        gone = asyncio.create_task(_gone(receive))
        gone.add_done_callback(_then(self.stream.end))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._write(send, gone)
        except TimeoutError:
            """The page does not read: the server closes the connection, because the answer has no end."""
        finally:
            gone.cancel()
            self.live.leave(self.stream)

    async def _write(self, send: Send, gone: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self.seconds
        while not gone.done():
            left = end - loop.time()
            events = await self.stream.take(min(self.live.ping, max(left, 0)))
            if self.stream.over or loop.time() >= end:
                break
            await _send(send, b"".join(event.encode() for event in events) or PING)
        if not gone.done():
            await _send(send, BYE.encode(), more=False)


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    async with asyncio.timeout(SLOWEST):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _then(do: Callable[[], None]) -> Callable[["asyncio.Task[None]"], None]:
    def done(task: "asyncio.Task[None]") -> None:
        if not task.cancelled():
            # Retrieved so that asyncio does not log it: the page has disconnected.
            task.exception()
        do()

    return done
