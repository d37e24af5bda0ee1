"""`python -m bench.process worker|remote|api ADDRESS [PORT]`: one process of the floor."""

import asyncio
import sys
from datetime import timedelta

import uvicorn
import uvloop
from temporalio.client import Client
from temporalio.worker import Worker

from bench.floor import QUEUE, REMOTE_QUEUE, FloorWorkflow, create_app, nothing
from worker.queues import sandbox


async def work(address: str, remote: bool) -> None:
    temporal = await Client.connect(address)
    if remote:
        worker = Worker(temporal, task_queue=REMOTE_QUEUE, activities=[nothing], max_concurrent_activities=4)
    else:
        worker = Worker(
            temporal,
            task_queue=QUEUE,
            workflows=[FloorWorkflow],
            activities=[nothing],
            workflow_runner=sandbox(),
            max_cached_workflows=2000,
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        )
    async with worker:
        await asyncio.Event().wait()


def main() -> None:
    role, address = sys.argv[1:3]
    if role == "api":
        uvicorn.run(
            create_app(address),
            port=int(sys.argv[3]),
            loop="uvloop",
            http="httptools",
            access_log=False,
            log_level="error",
        )
    else:
        uvloop.run(work(address, role == "remote"))


if __name__ == "__main__":
    main()
