"""What would pile up: inputs and answers older than a day, upload tickets, counters, sessions that are over."""

from datetime import timedelta

from temporalio import activity

from domain.clock import Clock
from models.database import Sessions
from models.upkeep import delete_old

KEPT = timedelta(hours=24)
"""An answer is remembered under its Idempotency-Key this long."""


class UpkeepActivities:
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        self.sessions, self.now = sessions, now

    @activity.defn
    async def delete_leftovers(self) -> int:
        """How many rows went."""
        async with self.sessions.begin() as session:
            return await delete_old(session, self.now(), KEPT)
