"""Invoices and payments."""

from collections.abc import Sequence
from typing import Final

from activities.billing.invoice import InvoiceActivities
from activities.billing.payment import PaymentActivities
from models.billing import erase
from worker.parts import Parts
from worker.subject import Subject
from workflows.kernel.names import CORE_QUEUE


def build(parts: Parts) -> Sequence[object]:
    return PaymentActivities(parts.steps), InvoiceActivities(parts.steps)


SUBJECT: Final = Subject(activities={CORE_QUEUE: build}, erasure=erase)
