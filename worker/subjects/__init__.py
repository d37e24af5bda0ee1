"""The subjects of the workers."""

from collections.abc import Sequence
from typing import Final

from worker.parts import Parts
from worker.schedules import Job
from worker.subject import ActivityMethod, Subject, activities_of
from worker.subjects import (
    billing,
    channels,
    clients,
    contracts,
    conversations,
    deliveries,
    onboarding,
    operations,
    people,
    support,
)

_OWN: Final = (
    clients.SUBJECT,
    billing.SUBJECT,
    deliveries.SUBJECT,
    contracts.SUBJECT,
    support.SUBJECT,
    people.SUBJECT,
    onboarding.SUBJECT,
    conversations.SUBJECT,
    channels.SUBJECT,
)
"""In the order of erasure: the card, which is locked first, then rows before those they refer to."""

SUBJECTS: Final[tuple[Subject, ...]] = (*_OWN, operations.over(_OWN))


def activities_on(queue: str, parts: Parts) -> list[ActivityMethod]:
    builds = [subject.activities[queue] for subject in SUBJECTS if queue in subject.activities]
    return [method for build in builds for family in build(parts) for method in activities_of(family)]


def workflows_on(queue: str) -> list[type]:
    return [workflow for subject in SUBJECTS for workflow in subject.workflows.get(queue, ())]


def jobs_on(queue: str) -> Sequence[Job]:
    return [job for subject in SUBJECTS for job in subject.jobs if job.queue == queue]


async def prepare(queue: str, parts: Parts) -> None:
    for subject in SUBJECTS:
        if queue in subject.prepare:
            await subject.prepare[queue](parts)
