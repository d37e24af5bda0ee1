"""Regular jobs as Temporal Schedules, made or brought up to date at every start of a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE
from workflows.operations.upkeep import AdoptionWorkflow, ConnectionAdoptionWorkflow, UpkeepWorkflow


@dataclass(frozen=True)
class Job:
    id: str
    workflow: type[AdoptionWorkflow] | type[UpkeepWorkflow] | type[ConnectionAdoptionWorkflow]
    every: timedelta
    queue: str = CORE_QUEUE


CORE_JOBS = (
    Job("adopt-clients", AdoptionWorkflow, timedelta(minutes=5)),
    Job("upkeep", UpkeepWorkflow, timedelta(hours=1)),
)
CONVERSATION_JOBS = (
    Job("begin-accounts-and-bots", ConnectionAdoptionWorkflow, timedelta(minutes=5), CONVERSATIONS_QUEUE),
)


async def keep_schedules(temporal: Client, jobs: Sequence[Job]) -> None:
    """Make what is missing, update what is there; another worker may do the same at the same time."""
    for job in jobs:
        schedule = _schedule(job)
        try:
            await temporal.create_schedule(job.id, schedule, trigger_immediately=True)
        except ScheduleAlreadyRunningError:
            await temporal.get_schedule_handle(job.id).update(partial(_replace, schedule))


def _replace(schedule: Schedule, _: ScheduleUpdateInput) -> ScheduleUpdate:
    return ScheduleUpdate(schedule=schedule)


def _schedule(job: Job) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(job.workflow.run, id=job.id, task_queue=job.queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=job.every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(minutes=10)),
    )
