"""One worker per task queue: how much it does at once, and how a dead one is noticed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pkgutil import iter_modules
from typing import Final

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import workflows
from worker.heartbeat import Heartbeats
from worker.subject import ActivityMethod
from worker.subjects import workflows_on
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE, DOCUMENTS_QUEUE
from workflows.kernel.policies import NOTICED_AFTER

GRACE = timedelta(seconds=8)
"""What is being done may finish in this time; `make up` gives 15 s to everything."""

BEATS = timedelta(seconds=1)
"""The SDK would hold beats back for four of the five seconds after which the server gives an activity up: one second
of a loaded machine, and the activity is done by two at once."""

SUBJECTS_WITH_WORKFLOWS = tuple(found.name for found in iter_modules(workflows.__path__) if found.ispkg)
SHARED = ("details", "start")
"""Modules of a subject's workflows whose types and texts are the same for all instances."""

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
    *(f"workflows.{subject}.{name}" for subject in SUBJECTS_WITH_WORKFLOWS for name in SHARED),
)
"""Modules that the sandbox does not load anew for every workflow: they are pure, or only named in a workflow.

To load one costs milliseconds for each of ten thousand conversations; that they ask neither clock nor chance is proved
by a test of the code.
"""


def core_worker(temporal: Client, activities: Sequence[ActivityMethod]) -> Worker:
    """Workflows, and the row writes that they do as local activities."""
    return Worker(
        temporal,
        task_queue=CORE_QUEUE,
        workflows=workflows_on(CORE_QUEUE),
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
        workflows=workflows_on(CONVERSATIONS_QUEUE),
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


MakeWorker = Callable[[Client, Sequence[ActivityMethod]], Worker]
WORKERS: Final[Mapping[str, tuple[str, MakeWorker]]] = {
    "core": (CORE_QUEUE, core_worker),
    "documents": (DOCUMENTS_QUEUE, documents_worker),
    "conversations": (CONVERSATIONS_QUEUE, conversations_worker),
}
"""By the name of `--queue`."""
