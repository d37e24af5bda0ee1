"""The event stream of an open page, read event by event over a real connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from httpx import AsyncClient, Response

PATIENCE = 20.0
"""Seconds for an event that has to come, on a machine that is busy with other tests."""


class EventStream:
    """`response` is being read."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, Any]:
        """The next event as (name, data); pings as ("ping", None), the end as ("end", None)."""
        name = ""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith(":"):
                    return line.removeprefix(":").strip(), None
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                if line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))
        return "end", None

    async def heard_until(self, *last: str) -> list[str]:
        """Names up to the first of these, which is the last."""
        names: list[str] = []
        while not names or names[-1] not in (*last, "end"):
            names.append((await self.next())[0])
        return names


@asynccontextmanager
async def opened(url: str, token: str) -> AsyncIterator[EventStream]:
    """A page that was greeted."""
    async with stream(url, token) as page:
        assert await page.next() == ("hello", {})
        yield page


@asynccontextmanager
async def stream(url: str, token: str) -> AsyncIterator[EventStream]:
    headers = {"Authorization": f"Bearer {token}"}
    async with AsyncClient(timeout=PATIENCE) as http, http.stream("GET", f"{url}/api/events", headers=headers) as got:
        yield EventStream(got)
