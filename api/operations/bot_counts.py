"""Bots of the installation by state, counted when the metrics are read."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from models.kernel.database import Sessions
from models.operations.bots import count_bots

PATIENCE: Final = 3.0
"""Seconds for the count."""


class BotCounts(Collector):
    """`privet_bots{state}`, read in another thread than that of `loop`; without the database the last counts stay."""

    def __init__(self, sessions: Sessions, loop: asyncio.AbstractEventLoop) -> None:
        self.sessions, self.loop = sessions, loop
        self.last: Mapping[str, int] = {}

    def describe(self) -> list[GaugeMetricFamily]:
        return [_family()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with suppress(TimeoutError, OSError, SQLAlchemyError):
            self.last = asyncio.run_coroutine_threadsafe(self._count(), self.loop).result(PATIENCE + 1)
        family = _family()
        for state, bots in self.last.items():
            family.add_metric([state], bots)
        yield family

    async def _count(self) -> Mapping[str, int]:
        async with asyncio.timeout(PATIENCE), self.sessions() as session:
            return await count_bots(session)


@contextmanager
def counted(registry: CollectorRegistry, sessions: Sessions) -> Iterator[None]:
    """Adds the counts to `registry` while the block runs, inside the event loop of `sessions`."""
    counts = BotCounts(sessions, asyncio.get_running_loop())
    registry.register(counts)
    try:
        yield
    finally:
        registry.unregister(counts)


def _family() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "privet_bots",
        "Live bots: `away` while Telegram is out of reach, `error` while it refuses the bot or its group.",
        labels=("state",),
    )
