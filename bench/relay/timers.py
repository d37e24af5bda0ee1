"""The floor of timers due at once: bare workflows that sleep, then call an empty activity."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bench-timers"
LANES = 16
SECONDS = timedelta(seconds=60)


@dataclass(frozen=True)
class Timer:
    """`until` is in Unix seconds."""

    until: float


@activity.defn
async def current_time() -> float:
    """Unix seconds of the call."""
    return time.time()


@workflow.defn
class TimerWorkflow:
    @workflow.run
    async def run(self, timer: Timer) -> float:
        await workflow.sleep(datetime.fromtimestamp(timer.until, UTC) - workflow.now())
        return await workflow.execute_activity(current_time, start_to_close_timeout=SECONDS)


async def timer_lateness(address: str, count: int, ahead: timedelta) -> list[float]:
    """Lateness of each activity in milliseconds. The worker has the limits of the product's."""
    temporal = await Client.connect(address)
    worker = Worker(
        temporal,
        task_queue=QUEUE,
        workflows=[TimerWorkflow],
        activities=[current_time],
        max_cached_workflows=2000,
        max_concurrent_workflow_tasks=16,
        max_concurrent_activities=80,
    )
    async with worker:
        until = time.time() + ahead.total_seconds()
        numbers = iter(range(count))

        async def lane() -> list[float]:
            handles = [
                await temporal.start_workflow(TimerWorkflow.run, Timer(until), id=f"timer-{number}", task_queue=QUEUE)
                for number in numbers
            ]
            return [(await handle.result() - until) * 1000 for handle in handles]

        lanes = await asyncio.gather(*(lane() for _ in range(LANES)))
        return [late for found in lanes for late in found]
