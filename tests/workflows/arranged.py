"""What fake activities were asked for, and gates that a test closes before them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

PATIENCE: Final = 30
"""Seconds after which something that should have happened is missed."""


@dataclass(frozen=True)
class Call:
    """An attempt at an activity; `at` is the workflow's own time."""

    name: str
    at: datetime
    about: object = None


@dataclass(kw_only=True)
class Arranged:
    calls: list[Call] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def holds(self, name: str) -> asyncio.Event:
        """Attempts wait until the event is set."""
        return self.gates.setdefault(name, asyncio.Event())

    async def until(self, happened: Callable[[], bool]) -> None:
        """Looked at after every attempt and every effect."""
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self.news.clear()
                await self.news.wait()

    async def tried(self, name: str, times: int = 1) -> None:
        await self.until(lambda: self.names().count(name) >= times)
