"""Attempts of fake activities: what was asked for and when, and what is to become of the next ones."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.conversations.core.messages import Standing
from tests.workflows.arranged import Arranged, Call

WorkflowClock = Callable[[str], Awaitable[datetime]]
"""The time of the workflow with this id."""

Fault = Exception | Callable[[Standing, datetime], Standing]
"""What becomes of an attempt: it raises, or it does nothing and says why."""


@dataclass
class Attempts(Arranged):
    """What was attempted, and what a test arranges for the next attempts."""

    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    running: int = 0
    most_at_once: int = 0

    def count(self, name: str) -> int:
        return self.names().count(name)

    def at(self, name: str) -> list[datetime]:
        return [call.at for call in self.calls if call.name == name]

    def fails(self, name: str, *faults: Fault) -> None:
        self.faults[name].extend(faults)

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
