"""Erasure of what was sent to a person, with the attempts."""

from typing import Final

from sqlalchemy import delete, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.deliveries.delivery import Delivery, DeliveryAttempt
from models.kernel.subject import Person

ERASES: Final = (DeliveryAttempt, Delivery)


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Delete them all; attached files belong to the contract, which returns their keys."""
    own = or_(col(Delivery.user_id) == person.user_id, col(Delivery.client_id) == person.client_id)
    await (await session.connection()).execute(delete(Delivery).where(own))
    return set()
