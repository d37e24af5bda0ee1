"""Deliveries to a person: codes, signed copies, notes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from activities.deliveries.carrier import Carrier
from activities.deliveries.deliver import DeliveryActivities
from activities.deliveries.starts import DeliveryStarts
from domain.deliveries.delivery import Channel
from models.deliveries import erase, upkeep
from worker.parts import START_PATIENCE, Parts
from worker.schedules import Job
from worker.subject import Subject
from workflows.deliveries.starting import begin_delivery
from workflows.deliveries.workflow import DeliverySweepWorkflow, DeliveryWorkflow
from workflows.kernel.names import CORE_QUEUE


def build(parts: Parts) -> Sequence[object]:
    begin = partial(begin_delivery, parts.temporal, patience=START_PATIENCE)
    return (
        DeliveryActivities(parts.sessions, parts.keyring, carriers(parts), parts.storage, parts.now),
        DeliveryStarts(parts.sessions, begin, parts.now),
    )


def carriers(_parts: Parts) -> Mapping[Channel, Carrier]:
    """The channels whose settings are there; a code for another one goes by the next channel."""
    return {}


SUBJECT: Final = Subject(
    activities={CORE_QUEUE: build},
    workflows={CORE_QUEUE: (DeliveryWorkflow, DeliverySweepWorkflow)},
    jobs=(Job("sweep-deliveries", DeliverySweepWorkflow.run, timedelta(minutes=1), CORE_QUEUE),),
    erasure=erase,
    upkeep=upkeep,
)
