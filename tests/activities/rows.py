"""The whole database as text, to see that nothing changed or that something stands nowhere."""

from functools import cache

from sqlalchemy import text
from sqlmodel import SQLModel

import models
from models.database import Sessions

assert models.__all__, "the metadata are complete only when the models are imported"


async def dump(sessions: Sessions) -> list[tuple[str, str]]:
    """Every row of every table of ours."""
    async with sessions() as session:
        connection = await session.connection()
        return [(row[0], row[1]) for row in await connection.execute(text(_everything()))]


async def count_of(sessions: Sessions, table: str) -> int:
    return sum(name == table for name, _ in await dump(sessions))


@cache
def _everything() -> str:
    tables = (f"SELECT '{name}', t::text FROM {name} AS t" for name in sorted(SQLModel.metadata.tables))
    return " UNION ALL ".join(tables) + " ORDER BY 1, 2"
