"""`python -m worker [--queue core|documents|conversations]`: until SIGTERM; what is being done may finish."""

import argparse
import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import uvloop
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import logs
import wiring
from domain.kernel.clock import utc_now
from gateways.storage.client import Storage
from settings import Settings, load
from worker.conversation_parts import ConversationParts, ways
from worker.heartbeat import Heartbeats
from worker.master_bot import keep_master_bot
from worker.parts import ActivityMethod, Parts
from worker.schedules import CONVERSATION_JOBS, CORE_JOBS, keep_schedules
from workflows.channels.account import AccountWorkflow
from workflows.channels.bot import BotWorkflow
from workflows.conversations.workflow import ConversationWorkflow
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE, DOCUMENTS_QUEUE
from workflows.kernel.policies import NOTICED_AFTER
from workflows.onboarding.workflow import OnboardingWorkflow
from workflows.operations.upkeep import AdoptionWorkflow, ConnectionAdoptionWorkflow, UpkeepWorkflow

WORKFLOWS = (OnboardingWorkflow, AdoptionWorkflow, UpkeepWorkflow)
CONVERSATION_WORKFLOWS = (ConversationWorkflow, AccountWorkflow, BotWorkflow, ConnectionAdoptionWorkflow)
GRACE = timedelta(seconds=8)
"""What is being done may finish in this time; `make up` gives 15 s to everything."""

BEATS = timedelta(seconds=1)
"""The SDK would hold beats back for four of the five seconds after which the server gives an activity up: one second
of a loaded machine, and the activity is done by two at once."""

SHARED = ("details", "start")
PASSED_THROUGH = (
    "activities",
    "aiogram",
    "av",
    "documents",
    "domain",
    "gateways",
    "httpx",
    "models",
    "sqlmodel",
    "sqlalchemy",
    "asyncpg",
    "workflows.kernel",
    "workflows.conversations.agenda",
    *(f"workflows.{subject}.{name}" for subject in ("onboarding", "conversations", "channels") for name in SHARED),
)
"""Modules that the sandbox does not load anew for every workflow: they are pure, or only named in a workflow.

To load one costs milliseconds for each of ten thousand conversations; that they ask neither clock nor chance is proved
by a test of the code.
"""

log = logging.getLogger("privet.worker")


def core_worker(temporal: Client, activities: Sequence[ActivityMethod]) -> Worker:
    """Workflows, and the row writes that they do as local activities."""
    return Worker(
        temporal,
        task_queue=CORE_QUEUE,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=sandbox(),
        max_cached_workflows=2000,
        max_concurrent_workflow_tasks=40,
        max_concurrent_activities=40,
        max_concurrent_local_activities=40,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        graceful_shutdown_timeout=GRACE,
    )


def documents_worker(temporal: Client, activities: Sequence[ActivityMethod]) -> Worker:
    """As many at once as there is a processor or two for."""
    return Worker(
        temporal,
        task_queue=DOCUMENTS_QUEUE,
        activities=activities,
        max_concurrent_activities=4,
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        graceful_shutdown_timeout=GRACE,
    )


def conversations_worker(temporal: Client, activities: Sequence[ActivityMethod], grace: timedelta = GRACE) -> Worker:
    """Many at once: they wait for other people's servers, and hardly use the processor."""
    return Worker(
        temporal,
        task_queue=CONVERSATIONS_QUEUE,
        workflows=CONVERSATION_WORKFLOWS,
        activities=activities,
        workflow_runner=sandbox(),
        max_cached_workflows=2000,
        # A task that waits behind too many others on one processor is taken for lost and done again.
        max_concurrent_workflow_tasks=16,
        max_concurrent_activities=80,
        max_concurrent_local_activities=40,
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        # As soon as a dead worker's activities are given up. After less, hundreds of timers that are due at once would
        # be taken for those of a dead one, and each would have its workflow read from the beginning.
        sticky_queue_schedule_to_start_timeout=NOTICED_AFTER,
        graceful_shutdown_timeout=grace,
    )


def sandbox() -> SandboxedWorkflowRunner:
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


async def serve(settings: Settings, queue: str) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    parts = Parts.build(settings, utc_now)
    metrics = f"{settings.host}:{settings.worker_metrics_port}" if settings.worker_metrics_port else None
    temporal = await wiring.temporal(settings, parts.keyring, lazy=False, metrics=metrics)
    storage = wiring.storage(settings)
    async with MAKERS[queue](parts, temporal, storage) as worker, worker:
        log.info("worker is ready: %s", queue)
        await stop.wait()
    storage.close()
    await parts.engine.dispose()


@asynccontextmanager
async def make_core(parts: Parts, temporal: Client, _: Storage) -> AsyncIterator[Worker]:
    await keep_schedules(temporal, CORE_JOBS)
    yield core_worker(temporal, parts.row_activities(temporal))


@asynccontextmanager
async def make_documents(parts: Parts, temporal: Client, storage: Storage) -> AsyncIterator[Worker]:
    yield documents_worker(temporal, parts.document_activities(storage))


@asynccontextmanager
async def make_conversations(parts: Parts, temporal: Client, storage: Storage) -> AsyncIterator[Worker]:
    """The master bot has its row before anybody looks for bots without a workflow."""
    token = parts.settings.master_bot_token
    await keep_master_bot(parts.steps.sessions, parts.keyring, token.get_secret_value() if token else None, parts.now())
    await keep_schedules(temporal, CONVERSATION_JOBS)
    async with ways(parts.settings) as both:
        yield conversations_worker(temporal, ConversationParts.build(parts, storage, both, temporal).activities())


MAKERS: dict[str, Callable[[Parts, Client, Storage], AbstractAsyncContextManager[Worker]]] = {
    "core": make_core,
    "documents": make_documents,
    "conversations": make_conversations,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m worker", description=__doc__)
    parser.add_argument("--queue", choices=tuple(MAKERS), default="core")
    chosen = parser.parse_args()
    logs.set_up()
    # What is loaded by now stays: nobody has to look through it again and again for what may go.
    gc.freeze()
    uvloop.run(serve(load(), chosen.queue))


if __name__ == "__main__":
    main()
