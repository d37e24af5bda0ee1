"""Heartbeats for activities with a heartbeat timeout: a dead worker is detected within seconds."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

SOON: Final = 0.5
"""Seconds before the first heartbeat."""


class Heartbeats(Interceptor):
    """Sends three heartbeats per `heartbeat_timeout` of the activity while it runs."""

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
    """Send heartbeats; the first after a short delay, within which most activities end."""
    await asyncio.sleep(SOON)
    while True:
        activity.heartbeat()
        await asyncio.sleep(seconds)
