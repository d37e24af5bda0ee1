"""Heartbeats for activities that ask for them: a dead worker is noticed in seconds, not at the activity's time-out."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

SOON: Final = 0.5
"""Seconds."""


class Heartbeats(Interceptor):
    """Beats three times within the activity's `heartbeat_timeout`, for as long as the activity runs."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _Beating(next)


class _Beating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        timeout = activity.info().heartbeat_timeout
        if timeout is None or not timeout:
            return await self.next.execute_activity(input)
        beating = asyncio.create_task(_beat(timeout.total_seconds() / 3))
        try:
            return await self.next.execute_activity(input)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating


async def _beat(seconds: float) -> None:
    """The first one soon, but not at once: most activities are over by then, and that they began is known."""
    await asyncio.sleep(SOON)
    while True:
        activity.heartbeat()
        await asyncio.sleep(seconds)
