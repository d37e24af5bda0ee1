"""`python -m worker [--queue core|documents|seal|…]`: runs until SIGTERM, then ends running tasks."""

import argparse
import asyncio
import gc
import logging
import signal

import uvloop

import logs
from domain.kernel.clock import utc_now
from seal_settings import SealSettings
from settings import Settings, load, read
from worker.parts import open_parts
from worker.queues import WORKERS
from worker.schedules import keep_schedules
from worker.subjects import activities_on, jobs_on, prepare
from workflows.kernel.names import SEAL_QUEUE

log = logging.getLogger("privet.worker")


async def serve(settings: Settings, name: str) -> None:
    """Run the worker of a queue until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    queue, make_worker = WORKERS[name]
    async with open_parts(settings, utc_now) as parts:
        await prepare(queue, parts)
        await keep_schedules(parts.temporal, jobs_on(queue))
        async with make_worker(parts.temporal, activities_on(queue, parts)):
            log.info("worker is ready: %s", name)
            await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m worker", description=__doc__)
    parser.add_argument("--queue", choices=tuple(WORKERS), default="core")
    chosen = parser.parse_args()
    logs.set_up()
    # Existing objects live until the end of the process, so the garbage collector can skip them.
    gc.freeze()
    settings = read(SealSettings) if WORKERS[chosen.queue][0] == SEAL_QUEUE else load()
    uvloop.run(serve(settings, chosen.queue))


if __name__ == "__main__":
    main()
