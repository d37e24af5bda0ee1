"""Attempts of fake activities: what was asked for and when, and what is to become of the next ones."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.conversations.core.messages import Standing
from tests.workflows.fake_card import PATIENCE, Call

WorkflowClock = Callable[[str], Awaitable[datetime]]
"""The time of the workflow with this id."""

Fault = Exception | Callable[[Standing, datetime], Standing]
"""What becomes of an attempt: it raises, or it does nothing and says why."""


@dataclass
class Attempts:
    """What was attempted, and what a test arranges for the next attempts."""

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    running: int = 0
    most_at_once: int = 0

    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def count(self, name: str) -> int:
        return self.names().count(name)

    def at(self, name: str) -> list[datetime]:
        return [call.at for call in self.calls if call.name == name]

    def fails(self, name: str, *faults: Fault) -> None:
        self.faults[name].extend(faults)

    def holds(self, name: str) -> asyncio.Event:
        """Attempts wait until the event is set."""
        return self.gates.setdefault(name, asyncio.Event())

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self.news.clear()
                await self.news.wait()

    async def tried(self, name: str, times: int = 1) -> None:
        await self.until(lambda: self.count(name) >= times)

    async def attempt(self, call: Call, work: Callable[[Fault | None], Any]) -> Any:
        """Remember it, wait where a test wants to, then do it or fail as arranged."""
        self.calls.append(call)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.news.set()
        try:
            if call.name in self.gates:
                await self.gates[call.name].wait()
            fault = self.faults[call.name].popleft() if self.faults[call.name] else None
            if isinstance(fault, Exception):
                raise fault
            return work(fault)
        finally:
            self.running -= 1
            self.news.set()
