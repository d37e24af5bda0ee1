"""The whole database: as text, to see that nothing changed or that something stands nowhere; and emptied."""

import re
from functools import cache

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

import models
from models.kernel.database import Sessions

assert models.metadata().tables, "the metadata are complete only when the models are imported"

DIGITS_BY_CHANCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}")
"""Ids and hashes."""

GUARDS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal"
"""Triggers that fire for everybody."""

SEEDED = ("organisations", "manager_tariffs")


async def dump(sessions: Sessions) -> list[tuple[str, str]]:
    """Every row of every table of ours."""
    async with sessions() as session:
        connection = await session.connection()
        return [(row[0], row[1]) for row in await connection.execute(text(_everything()))]


async def count_of(sessions: Sessions, table: str) -> int:
    return sum(name == table for name, _ in await dump(sessions))


def without_ids(readable: str) -> str:
    """For a search after digits, which any hexadecimal number may hold by chance."""
    return DIGITS_BY_CHANCE.sub("…", readable)


async def remember_seed(engine: AsyncEngine) -> None:
    """Copies of what the migrations put into tables."""
    async with engine.begin() as connection:
        for table in SEEDED:
            await connection.execute(text(f"CREATE TABLE seed_{table} AS TABLE {table}"))


async def empty(owner: AsyncEngine) -> None:
    """As after the migrations; what is append-only for everybody else is no exception for the owner of the tables."""
    async with owner.begin() as connection:
        guards = (await connection.execute(text(GUARDS))).all()
        for table, trigger in guards:
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(_nothing()))
        for table in SEEDED:
            await connection.execute(text(f"INSERT INTO {table} SELECT * FROM seed_{table}"))
        for table, trigger in guards:
            await connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"))


@cache
def _everything() -> str:
    tables = (f"SELECT '{name}', t::text FROM {name} AS t" for name in sorted(SQLModel.metadata.tables))
    return " UNION ALL ".join(tables) + " ORDER BY 1, 2"


@cache
def _nothing() -> str:
    """One statement, because each is a journey: a CTE that deletes from every table."""
    tables = sorted(SQLModel.metadata.tables)
    return f"WITH {', '.join(f'd{n} AS (DELETE FROM {name})' for n, name in enumerate(tables))} SELECT 1"
