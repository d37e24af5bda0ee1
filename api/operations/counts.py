"""Numbers of the installation that are counted when the metrics are read."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from models.evidence.anchor import count_anchors
from models.kernel.database import Sessions
from models.operations.bots import count_bots
from models.operations.trails import count_breaks

PATIENCE: Final = 3.0
"""Seconds for a count."""


@dataclass(frozen=True)
class Counted:
    """A gauge: its name, what it says, its labels, and the count by value of the label."""

    name: str
    says: str
    labels: Sequence[str]
    count: Callable[[AsyncSession], Awaitable[Mapping[str, int]]]


async def _breaks(session: AsyncSession) -> Mapping[str, int]:
    return {"": await count_breaks(session)}


COUNTED: Final = (
    Counted(
        "privet_bots",
        "Live bots: `away` while Telegram is out of reach, `error` while it refuses the bot or its group.",
        ("state",),
        count_bots,
    ),
    Counted(
        "privet_trail_breaks", "Breaks of clients' trails that were ever found; more than 0 is an alarm.", (), _breaks
    ),
    Counted(
        "privet_anchors",
        "Daily anchors: `late` without a time stamp for three hours, `findings` of trails that differ from an anchor.",
        ("state",),
        count_anchors,
    ),
)


class Counts(Collector):
    """Read in another thread than that of `loop`; without the database the last counts stay."""

    def __init__(self, counted: Counted, sessions: Sessions, loop: asyncio.AbstractEventLoop) -> None:
        self.counted, self.sessions, self.loop = counted, sessions, loop
        self.last: Mapping[str, int] = {}

    def describe(self) -> list[GaugeMetricFamily]:
        return [self._family()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with suppress(TimeoutError, OSError, SQLAlchemyError):
            self.last = asyncio.run_coroutine_threadsafe(self._count(), self.loop).result(PATIENCE + 1)
        family = self._family()
        for label, number in self.last.items():
            family.add_metric([label] if self.counted.labels else [], number)
        yield family

    async def _count(self) -> Mapping[str, int]:
        async with asyncio.timeout(PATIENCE), self.sessions() as session:
            return await self.counted.count(session)

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(self.counted.name, self.counted.says, labels=self.counted.labels)


@contextmanager
def counted(registry: CollectorRegistry, sessions: Sessions) -> Iterator[None]:
    """Adds the counts to `registry` while the block runs, inside the event loop of `sessions`."""
    counts = [Counts(one, sessions, asyncio.get_running_loop()) for one in COUNTED]
    for one in counts:
        registry.register(one)
    try:
        yield
    finally:
        for one in counts:
            registry.unregister(one)
