"""Regular jobs as Temporal Schedules, created or updated at every start of a worker."""

from collections.abc import Awaitable, Callable, Sequence
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


@dataclass(frozen=True)
class Job:
    """`run` is the run method of a workflow without arguments; `at_start`: also at every start of a worker."""

    id: str
    run: Callable[..., Awaitable[object]]
    every: timedelta
    queue: str
    at_start: bool = False


async def keep_schedules(temporal: Client, jobs: Sequence[Job]) -> None:
    """Create or update the Schedules; safe with concurrent workers."""
    for job in jobs:
        schedule = _schedule(job)
        try:
            await temporal.create_schedule(job.id, schedule, trigger_immediately=True)
        except ScheduleAlreadyRunningError:
            handle = temporal.get_schedule_handle(job.id)
            await handle.update(partial(_replace, schedule))
            if job.at_start:
                await handle.trigger(overlap=ScheduleOverlapPolicy.SKIP)


def _replace(schedule: Schedule, _: ScheduleUpdateInput) -> ScheduleUpdate:
    return ScheduleUpdate(schedule=schedule)


def _schedule(job: Job) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(job.run, id=job.id, task_queue=job.queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=job.every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(minutes=10)),
    )
