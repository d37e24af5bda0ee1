"""Deliveries to a person: codes, signed copies, notes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

import wiring
from activities.deliveries.by_mail import MailCarrier
from activities.deliveries.by_sms import SmsCarrier
from activities.deliveries.by_telegram import TelegramCarrier
from activities.deliveries.carrier import Carrier
from activities.deliveries.deliver import DeliveryActivities
from activities.deliveries.starts import DeliveryStarts
from domain.deliveries.delivery import Channel
from gateways.telegram.shapes import BadToken
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


def carriers(parts: Parts) -> Mapping[Channel, Carrier]:
    """The channels whose settings are there; what would go by another one goes by the next."""
    settings, found = parts.settings, dict[Channel, Carrier]()
    if parts.mailer is not None:
        found[Channel.MAIL] = MailCarrier(parts.mailer, parts.now)
    if (sms := wiring.sms(settings, parts.http)) is not None:
        found[Channel.SMS] = SmsCarrier(sms, settings.otp_ttl_seconds // 60)
    if settings.master_bot_token is not None:
        with suppress(BadToken):
            found[Channel.TELEGRAM] = TelegramCarrier(parts.telegram, settings.master_bot_token.get_secret_value())
    return found


SUBJECT: Final = Subject(
    activities={CORE_QUEUE: build},
    workflows={CORE_QUEUE: (DeliveryWorkflow, DeliverySweepWorkflow)},
    jobs=(Job("sweep-deliveries", DeliverySweepWorkflow.run, timedelta(minutes=1), CORE_QUEUE),),
    erasure=erase,
    upkeep=upkeep,
)
