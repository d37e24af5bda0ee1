"""Adoption of rows without a workflow, and upkeep."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from activities.operations.adoption import AdoptionActivities, ConnectionAdoptionActivities
from activities.operations.upkeep import UpkeepActivities
from models.kernel import upkeep as kernel_upkeep
from worker.parts import START_PATIENCE, Parts
from worker.schedules import Job
from worker.subject import Subject
from workflows.channels.starting import begin_account, begin_bot
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE
from workflows.onboarding.starting import begin_onboarding
from workflows.operations.upkeep import AdoptionWorkflow, ConnectionAdoptionWorkflow, UpkeepWorkflow


def build_conversations(parts: Parts) -> Sequence[object]:
    sweep_every = timedelta(seconds=parts.settings.avito_sweep_seconds)
    return (
        ConnectionAdoptionActivities(
            parts.sessions,
            partial(begin_account, parts.temporal, patience=START_PATIENCE, sweep_every=sweep_every),
            partial(begin_bot, parts.temporal, patience=START_PATIENCE),
        ),
    )


def over(subjects: Sequence[Subject]) -> Subject:
    """Operations of all `subjects`: their upkeep, and the kernel's."""
    upkeeps = [kernel_upkeep, *(subject.upkeep for subject in subjects if subject.upkeep is not None)]

    def build_core(parts: Parts) -> Sequence[object]:
        begin = partial(begin_onboarding, parts.temporal, patience=START_PATIENCE)
        return (
            AdoptionActivities(parts.sessions, begin, parts.now),
            UpkeepActivities(parts.sessions, upkeeps, parts.now),
        )

    return Subject(
        activities={CORE_QUEUE: build_core, CONVERSATIONS_QUEUE: build_conversations},
        workflows={
            CORE_QUEUE: (AdoptionWorkflow, UpkeepWorkflow),
            CONVERSATIONS_QUEUE: (ConnectionAdoptionWorkflow,),
        },
        jobs=(
            Job("adopt-clients", AdoptionWorkflow.run, timedelta(minutes=5), CORE_QUEUE),
            Job("upkeep", UpkeepWorkflow.run, timedelta(hours=1), CORE_QUEUE),
            Job("begin-accounts-and-bots", ConnectionAdoptionWorkflow.run, timedelta(minutes=5), CONVERSATIONS_QUEUE),
        ),
    )
