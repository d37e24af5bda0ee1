"""Adoption of rows without a workflow, and upkeep."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from activities.operations.adoption import AdoptionActivities, ConnectionAdoptionActivities
from activities.operations.trails import TrailActivities
from activities.operations.upkeep import UpkeepActivities
from models.kernel import upkeep as kernel_upkeep
from models.kernel.grants import owns_the_trail
from worker.parts import START_PATIENCE, Parts
from worker.schedules import Job
from worker.subject import Subject
from workflows.channels.starting import begin_account, begin_bot
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE
from workflows.onboarding.starting import begin_onboarding
from workflows.operations.trails import TrailsWorkflow
from workflows.operations.upkeep import AdoptionWorkflow, ConnectionAdoptionWorkflow, UpkeepWorkflow

log = logging.getLogger("privet.worker")


def build_conversations(parts: Parts) -> Sequence[object]:
    sweep_every = timedelta(seconds=parts.settings.avito_sweep_seconds)
    return (
        ConnectionAdoptionActivities(
            parts.sessions,
            partial(begin_account, parts.temporal, patience=START_PATIENCE, sweep_every=sweep_every),
            partial(begin_bot, parts.temporal, patience=START_PATIENCE),
        ),
    )


async def tell_of_one_role(parts: Parts) -> None:
    """Warn where the guards of the trail hold only as long as nobody uses the application's own password."""
    with suppress(OSError, SQLAlchemyError):
        async with parts.sessions() as session:
            if await owns_the_trail(await session.connection()):
                log.warning(
                    "the application's role owns its tables and could rewrite the trail: "
                    "set MIGRATION_DATABASE_URL (docs/runbook.md, «Two roles»)"
                )


def over(subjects: Sequence[Subject]) -> Subject:
    """Operations of all `subjects`: their upkeep, and the kernel's."""
    upkeeps = [kernel_upkeep, *(subject.upkeep for subject in subjects if subject.upkeep is not None)]

    def build_core(parts: Parts) -> Sequence[object]:
        begin = partial(begin_onboarding, parts.temporal, patience=START_PATIENCE)
        return (
            AdoptionActivities(parts.sessions, parts.keyring, begin, parts.now),
            UpkeepActivities(parts.sessions, upkeeps, parts.now),
            TrailActivities(parts.sessions, parts.keyring, parts.settings.web_url, parts.now),
        )

    return Subject(
        activities={CORE_QUEUE: build_core, CONVERSATIONS_QUEUE: build_conversations},
        workflows={
            CORE_QUEUE: (AdoptionWorkflow, UpkeepWorkflow, TrailsWorkflow),
            CONVERSATIONS_QUEUE: (ConnectionAdoptionWorkflow,),
        },
        prepare={CORE_QUEUE: tell_of_one_role},
        jobs=(
            Job("adopt-clients", AdoptionWorkflow.run, timedelta(minutes=5), CORE_QUEUE),
            Job("upkeep", UpkeepWorkflow.run, timedelta(hours=1), CORE_QUEUE),
            Job("verify-trails", TrailsWorkflow.run, timedelta(days=1), CORE_QUEUE, at_start=True),
            Job("begin-accounts-and-bots", ConnectionAdoptionWorkflow.run, timedelta(minutes=5), CONVERSATIONS_QUEUE),
        ),
    )
