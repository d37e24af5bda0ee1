"""One durable timer for the next deadline."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio import workflow

SHORTEST_TIMER = timedelta(seconds=1)
"""Shortest timer of the server."""

NEVER = datetime.max.replace(tzinfo=UTC)


class Alarm:
    """Calls `ring` at the set time or earlier; the callee checks what is due and sets the alarm again.

    An earlier time is kept, because a needless check costs less than cancelling and starting a timer.
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
