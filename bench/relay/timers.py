"""The floor of timers that are due at once: bare workflows that sleep and then call an activity that does nothing."""

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
class Nap:
    """`until`: Unix seconds."""

    until: float


@activity.defn
async def moment() -> float:
    """When it was called, in Unix seconds."""
    return time.time()


@workflow.defn
class NapWorkflow:
    @workflow.run
    async def run(self, nap: Nap) -> float:
        await workflow.sleep(datetime.fromtimestamp(nap.until, UTC) - workflow.now())
        return await workflow.execute_activity(moment, start_to_close_timeout=SECONDS)


async def naps(address: str, count: int, ahead: timedelta) -> list[float]:
    """How late each activity began, in milliseconds. The worker is as large as the product's."""
    temporal = await Client.connect(address)
    worker = Worker(
        temporal,
        task_queue=QUEUE,
        workflows=[NapWorkflow],
        activities=[moment],
        max_cached_workflows=2000,
        max_concurrent_workflow_tasks=16,
        max_concurrent_activities=80,
    )
    async with worker:
        until = time.time() + ahead.total_seconds()
        numbers = iter(range(count))

        async def lane() -> list[float]:
            handles = [
                await temporal.start_workflow(NapWorkflow.run, Nap(until), id=f"nap-{number}", task_queue=QUEUE)
                for number in numbers
            ]
            return [(await handle.result() - until) * 1000 for handle in handles]

        lanes = await asyncio.gather(*(lane() for _ in range(LANES)))
        return [late for found in lanes for late in found]
