"""The onboarding of a client: the wizard's steps, photos, deadlines."""

from collections.abc import Sequence
from typing import Final

from activities.onboarding.card import OnboardingActivities
from activities.onboarding.deadline import DeadlineActivities
from activities.onboarding.device import DeviceActivities
from activities.onboarding.passport import PassportActivities
from activities.onboarding.photo import PhotoActivities
from activities.onboarding.tariff import TariffActivities
from worker.parts import Parts
from worker.subject import Subject
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE
from workflows.onboarding.workflow import OnboardingWorkflow


def build_core(parts: Parts) -> Sequence[object]:
    steps = parts.steps
    return (
        OnboardingActivities(steps),
        PassportActivities(steps),
        DeviceActivities(steps),
        TariffActivities(steps),
        DeadlineActivities(steps),
    )


def build_documents(parts: Parts) -> Sequence[object]:
    return (PhotoActivities(parts.sessions, parts.keyring, parts.storage, parts.now),)


SUBJECT: Final = Subject(
    activities={CORE_QUEUE: build_core, DOCUMENTS_QUEUE: build_documents},
    workflows={CORE_QUEUE: (OnboardingWorkflow,)},
)
