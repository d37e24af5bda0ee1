"""One worker per task queue: concurrency, and detection of dead workers."""

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
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE, DOCUMENTS_QUEUE, POLLING_QUEUE, SEAL_QUEUE
from workflows.kernel.policies import NOTICED_AFTER

GRACE = timedelta(seconds=8)
"""Time for running tasks to finish; `make up` gives 15 s to the whole process."""

BEATS = timedelta(seconds=1)
"""By default the SDK throttles heartbeats to four of the five seconds of the timeout, so that a delay of one second
would start the activity a second time."""

MOST_POLLED = 200
"""Bots that one process polls; a further process takes as many again."""

SUBJECTS_WITH_WORKFLOWS = tuple(found.name for found in iter_modules(workflows.__path__) if found.ispkg)
SHARED = ("details", "start")
"""Modules of a subject's workflows with types and texts shared by all instances."""

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
"""Modules that the sandbox does not reload for every workflow: they are pure, or only referenced in a workflow.

Loading one takes milliseconds for each of ten thousand conversations; a test checks that they use neither clock nor
randomness.
"""


def core_worker(temporal: Client, activities: Sequence[ActivityMethod]) -> Worker:
    """Workflows, and their row writes as local activities."""
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
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        graceful_shutdown_timeout=GRACE,
    )


def documents_worker(temporal: Client, activities: Sequence[ActivityMethod]) -> Worker:
    """Few concurrent activities, because they are CPU-bound."""
    return Worker(
        temporal,
        task_queue=DOCUMENTS_QUEUE,
        activities=activities,
        max_concurrent_activities=4,
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        graceful_shutdown_timeout=GRACE,
    )


def seal_worker(temporal: Client, activities: Sequence[ActivityMethod]) -> Worker:
    """Few concurrent activities, because they are CPU-bound, or wait for the time stamping authority."""
    return Worker(
        temporal,
        task_queue=SEAL_QUEUE,
        activities=activities,
        max_concurrent_activities=4,
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        graceful_shutdown_timeout=GRACE,
    )


def conversations_worker(temporal: Client, activities: Sequence[ActivityMethod], grace: timedelta = GRACE) -> Worker:
    """Few concurrent activities, though they wait for external servers: a process has one processor.

    With 80, the SDK accepts tasks of a busy machine that Python begins five seconds later, when the server has given
    them up: they are begun again, and messages stand in the topic twice (docs/performance.md).
    """
    return Worker(
        temporal,
        task_queue=CONVERSATIONS_QUEUE,
        workflows=workflows_on(CONVERSATIONS_QUEUE),
        activities=activities,
        workflow_runner=sandbox(),
        max_cached_workflows=2000,
        # With more, a task could wait on one processor until its timeout and be repeated.
        max_concurrent_workflow_tasks=16,
        max_concurrent_activities=16,
        max_concurrent_local_activities=16,
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        # Equal to the detection time of a dead worker. With less, hundreds of simultaneous timers would leave the
        # sticky queue, and each of their workflows would be replayed from the beginning.
        sticky_queue_schedule_to_start_timeout=NOTICED_AFTER,
        graceful_shutdown_timeout=grace,
    )


def polling_worker(temporal: Client, activities: Sequence[ActivityMethod], grace: timedelta = GRACE) -> Worker:
    """As many concurrent activities as bots are polled: each waits for Telegram most of its time."""
    return Worker(
        temporal,
        task_queue=POLLING_QUEUE,
        activities=activities,
        max_concurrent_activities=MOST_POLLED,
        interceptors=[Heartbeats()],
        max_heartbeat_throttle_interval=BEATS,
        graceful_shutdown_timeout=grace,
    )


def sandbox() -> SandboxedWorkflowRunner:
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


MakeWorker = Callable[[Client, Sequence[ActivityMethod]], Worker]
WORKERS: Final[Mapping[str, tuple[str, MakeWorker]]] = {
    "core": (CORE_QUEUE, core_worker),
    "documents": (DOCUMENTS_QUEUE, documents_worker),
    "seal": (SEAL_QUEUE, seal_worker),
    "conversations": (CONVERSATIONS_QUEUE, conversations_worker),
    "polling": (POLLING_QUEUE, polling_worker),
}
"""By the value of `--queue`."""
