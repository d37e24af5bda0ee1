"""Upkeep of deliveries: what proves a signature or a confirmed phone is kept as long as the contract."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from domain.deliveries.delivery import Purpose
from models.deliveries.delivery import Delivery, DeliveryAttempt

GROWS: Final = (Delivery, DeliveryAttempt)

KEPT: Final = timedelta(days=365)
PROVES_NOTHING: Final = (Purpose.EMAIL_CODE, Purpose.OWNER_NOTE)


def deletions(now: datetime) -> Sequence[Delete]:
    """Notes to owners and codes of e-mail addresses after a year; attempts go with their delivery."""
    needless = delete(Delivery).where(
        col(Delivery.purpose).in_(PROVES_NOTHING),
        col(Delivery.contract_id).is_(None),
        col(Delivery.due_at).is_(None),
        col(Delivery.created_at) < now - KEPT,
    )
    return (needless,)
