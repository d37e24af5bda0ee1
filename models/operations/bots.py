"""How the bots of the installation fare, for its operator."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

STATES: Final = ("active", "away", "error", "inactive")

_COUNT = text(
    """
    SELECT CASE WHEN status = 'active' AND failing_since IS NOT NULL THEN 'away' ELSE status END AS state,
           count(*) AS bots
      FROM bots WHERE deleted_at IS NULL
     GROUP BY state
    """
)


async def count_bots(session: AsyncSession) -> Mapping[str, int]:
    """Live bots by state; `away`: Telegram is out of reach for them."""
    found = (await (await session.connection()).execute(_COUNT)).all()
    return dict.fromkeys(STATES, 0) | {row.state: row.bots for row in found}
