"""Starts the workflows of deliveries: of a client's process at once, and of those whose start was lost."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from temporalio import activity

from domain.kernel.clock import Clock
from models import Delivery
from models.kernel.database import Sessions

BATCH: Final = 200
OVERDUE: Final = timedelta(minutes=1)


class DeliveryStarts:
    """`begin` starts the workflow of a delivery unless it runs."""

    def __init__(self, sessions: Sessions, begin: Callable[[UUID], Awaitable[None]], now: Clock) -> None:
        self.sessions, self.begin, self.now = sessions, begin, now

    @activity.defn
    async def start_deliveries(self, delivery_ids: list[UUID]) -> None:
        """Start these and note it, so that the client's process does not start them again."""
        for delivery_id in delivery_ids:
            await self.begin(delivery_id)
            async with self.sessions.begin() as session:
                delivery = await Delivery.locked(session, delivery_id)
                if delivery is not None:
                    delivery.started_at = delivery.started_at or self.now()

    @activity.defn
    async def sweep_deliveries(self) -> int:
        """Start deliveries that are overdue: their start was lost, or their workflow was ended by hand."""
        async with self.sessions() as session:
            overdue = await Delivery.overdue(session, self.now() - OVERDUE, BATCH)
        for delivery_id in overdue:
            await self.begin(delivery_id)
        return len(overdue)
