"""Deletes old rows: inputs and answers older than a day, upload tickets, counters, ended sessions."""

from collections.abc import Sequence

from temporalio import activity

from domain.kernel.clock import Clock
from models.kernel.database import Sessions
from models.kernel.subject import Upkeep
from models.kernel.upkeep import abandoned_uploads, forget_uploads
from models.operations.upkeep import delete_old

BATCH = 200
"""Objects per call."""


class UpkeepActivities:
    def __init__(self, sessions: Sessions, upkeeps: Sequence[Upkeep], now: Clock) -> None:
        self.sessions, self.upkeeps, self.now = sessions, upkeeps, now

    @activity.defn
    async def abandoned_uploads(self) -> list[str]:
        """Keys of uploads that were never attached, up to `BATCH`."""
        async with self.sessions() as session:
            return list(await abandoned_uploads(session, self.now(), BATCH))

    @activity.defn
    async def forget_uploads(self, keys: list[str]) -> None:
        """Delete the tickets of uploads whose objects were deleted."""
        async with self.sessions.begin() as session:
            await forget_uploads(session, keys)

    @activity.defn
    async def delete_leftovers(self) -> int:
        """Delete the old rows of all subjects in one transaction; returns their number."""
        async with self.sessions.begin() as session:
            return await delete_old(session, self.upkeeps, self.now())
