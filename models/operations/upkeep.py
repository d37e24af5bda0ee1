"""Deletes the old rows of all subjects."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.subject import Upkeep


async def delete_old(session: AsyncSession, upkeeps: Iterable[Upkeep], now: datetime) -> int:
    """Returns the number of deleted rows, without those deleted by a cascade."""
    connection = await session.connection()
    statements = [statement for upkeep in upkeeps for statement in upkeep.deletions(now)]
    return sum([(await connection.execute(statement)).rowcount for statement in statements])
