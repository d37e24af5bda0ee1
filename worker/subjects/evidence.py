"""The daily anchor of all trails."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import wiring
from activities.evidence.anchor import AnchorActivities
from activities.evidence.check import CheckActivities
from activities.evidence.note import NoteActivities
from activities.evidence.stamp import StampActivities
from worker.parts import Parts
from worker.schedules import Job
from worker.subject import Subject
from workflows.evidence.workflow import AnchorsDueWorkflow, AnchorWorkflow
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE

SOON_AFTER_MIDNIGHT: Final = timedelta(minutes=15)
"""Days are the organisation's, so the Schedule only asks whether one is due."""


def build_core(parts: Parts) -> Sequence[object]:
    return (NoteActivities(parts.sessions, parts.keyring, parts.settings.zone, parts.now), stamps(parts))


def build_documents(parts: Parts) -> Sequence[object]:
    return (anchors(parts), CheckActivities(parts.sessions, parts.storage, parts.now), stamps(parts))


def anchors(parts: Parts) -> AnchorActivities:
    settings = parts.settings
    return AnchorActivities(
        parts.sessions, parts.storage, settings.zone, parts.now, stamps=settings.tsa_url is not None
    )


def stamps(parts: Parts) -> StampActivities:
    return StampActivities(parts.sessions, parts.storage, wiring.stamping(parts.settings, parts.http), parts.now)


SUBJECT: Final = Subject(
    activities={CORE_QUEUE: build_core, DOCUMENTS_QUEUE: build_documents},
    workflows={CORE_QUEUE: (AnchorsDueWorkflow, AnchorWorkflow)},
    jobs=(Job("anchors-due", AnchorsDueWorkflow.run, SOON_AFTER_MIDNIGHT, CORE_QUEUE),),
)
