"""Runs the migrations; needs `DATABASE_URL` (`postgresql+asyncpg://…`) and no other setting."""

import asyncio
import os
from collections.abc import Collection, Mapping
from typing import Literal

from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.schema import SchemaItem

import models
from alembic import context

METADATA = models.metadata()
VERSION_TABLE = "privet_manager_alembic_version"

LOCK = 0x7072697665744D47
"""Advisory lock «privetMG»: two migrators at once go one after the other."""

LOCK_PATIENCE = 600.0
"""Seconds to wait for another migrator."""

LOCK_TIMEOUT = "5s"
"""How long a statement may wait for a table that somebody uses; meanwhile everybody else queues behind it."""

Kind = Literal["schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint", "check_constraint"]


def database_url() -> str:
    """From the caller of alembic's API, else from the environment."""
    url = context.config.attributes.get("database_url") or os.environ.get("DATABASE_URL", "")
    if not isinstance(url, str) or not url.startswith("postgresql+asyncpg://"):
        raise SystemExit("DATABASE_URL is not set to postgresql+asyncpg://user:password@host:port/database")
    return url


def is_ours(_item: SchemaItem, _name: str | None, kind: Kind, reflected: bool, compare_to: SchemaItem | None) -> bool:
    """Tables of other products in the same database are none of our business."""
    return not (kind == "table" and reflected and compare_to is None)


def tell(
    ctx: MigrationContext,  # noqa: ARG001  # alembic calls by these names
    step: MigrationInfo,
    heads: Collection[object],  # noqa: ARG001
    run_args: Mapping[str, object],  # noqa: ARG001
) -> None:
    for revision in step.up_revision_ids:
        context.config.print_stdout("Migrated %s %s", "to" if step.is_upgrade else "back from", revision)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        version_table=VERSION_TABLE,
        include_object=is_ours,
        compare_server_default=True,
        transaction_per_migration=True,
        on_version_apply=tell,
    )
    begun_before = inspect(connection).has_table(VERSION_TABLE)
    connection.rollback()
    try:
        with context.begin_transaction():
            context.run_migrations()
    except BaseException:
        if not begun_before:
            remove_unused_version_table(connection)
        raise


def remove_unused_version_table(connection: Connection) -> None:
    """Alembic makes it ahead of the first migration; a database that was refused stays as it was."""
    connection.rollback()
    if inspect(connection).has_table(VERSION_TABLE):
        if not connection.scalar(text(f"SELECT count(*) FROM {VERSION_TABLE}")):  # noqa: S608  # our constant
            connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        connection.commit()


async def wait_for_others(connection: AsyncConnection) -> None:
    """Polls instead of blocking: a waiting statement would hold back `CREATE INDEX CONCURRENTLY` of the other one."""
    deadline = asyncio.get_running_loop().time() + LOCK_PATIENCE
    while not await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
        await connection.commit()
        if asyncio.get_running_loop().time() > deadline:
            raise SystemExit("Another migration of this database is still running; try again when it has ended.")
        await asyncio.sleep(0.2)
    await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    await connection.commit()


async def main() -> None:
    engine = create_async_engine(database_url(), poolclass=NullPool)
    async with engine.connect() as connection:
        await wait_for_others(connection)
        await connection.run_sync(migrate)
    await engine.dispose()


def write_sql() -> None:
    """`--sql`: the statements for a database that nobody else uses; adoption needs a live one."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=METADATA,
        version_table=VERSION_TABLE,
        literal_binds=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    write_sql()
else:
    asyncio.run(main())
