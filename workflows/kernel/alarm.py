"""One durable timer for whatever is next."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio import workflow

SHORTEST_TIMER = timedelta(seconds=1)
"""The server has no shorter one."""

NEVER = datetime.max.replace(tzinfo=UTC)


class Alarm:
    """Calls `ring` at its time or earlier: who is called looks again and sets it anew.

    An earlier time is left alone, because to look again for nothing is cheaper than to cancel and start a timer.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._task: asyncio.Task[None] | None = None
        self.at = NEVER

    def set(self, at: datetime, summary: str) -> None:
        if self.at <= at:
            return
        if self._task is not None:
            self._task.cancel()
        self.at = at
        self._task = asyncio.create_task(self._sleep(at, summary))

    async def _sleep(self, at: datetime, summary: str) -> None:
        await workflow.sleep(max(at - workflow.now(), SHORTEST_TIMER), summary=summary)
        self._task, self.at = None, NEVER
        self._ring()
