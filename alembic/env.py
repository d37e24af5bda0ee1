"""Runs the migrations; needs `DATABASE_URL` (`postgresql+asyncpg://…`) and no other setting.

With `MIGRATION_DATABASE_URL` it migrates as that role, which owns the tables, and gives the role of `DATABASE_URL` what
the application needs (`models/kernel/grants.py`).
"""

import asyncio
import os
from collections.abc import Collection, Mapping
from typing import Literal

from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.schema import SchemaItem

import models
from alembic import context
from models.kernel.grants import grant, role_exists, tighten_guards

METADATA = models.metadata()
SEQUENCES = [str(sequence.name) for sequence in METADATA._sequences.values()]
VERSION_TABLE = "privet_manager_alembic_version"

LOCK = 0x7072697665744D47
"""Advisory lock «privetMG»: two migrators at once go one after the other."""

LOCK_PATIENCE = 600.0
"""Seconds to wait for another migrator."""

LOCK_TIMEOUT = "5s"
"""How long a statement may wait for a table that somebody uses; meanwhile everybody else queues behind it."""

Kind = Literal["schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint", "check_constraint"]


def database_url() -> str:
    """From the caller of alembic's API, else from the environment: of the tables' owner, if that is another role."""
    url = context.config.attributes.get("database_url")
    url = url or os.environ.get("MIGRATION_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not isinstance(url, str) or not url.startswith("postgresql+asyncpg://"):
        name = "MIGRATION_DATABASE_URL" if os.environ.get("MIGRATION_DATABASE_URL") else "DATABASE_URL"
        raise SystemExit(f"{name} is not set to postgresql+asyncpg://user:password@host:port/database")
    return url


def application_role() -> str | None:
    """The role of `DATABASE_URL`; None where it is the migrating role itself."""
    attributes = context.config.attributes
    if "database_url" in attributes:
        role = attributes.get("application_role")
    else:
        role = make_url(os.environ.get("DATABASE_URL") or database_url()).username
    return role if role and role != make_url(database_url()).username else None


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


async def give_privileges(connection: AsyncConnection, role: str | None) -> None:
    """Raises SystemExit where the application's role can get around the guards of the trail."""
    await tighten_guards(connection)
    granted = await grant(connection, role, METADATA.tables, SEQUENCES) if role else None
    await connection.commit()
    if granted is None:
        return
    for line in granted.advice:
        context.config.print_stdout("%s", line)
    if granted.faults:
        faults = "\n".join(f"  {fault}" for fault in granted.faults)
        raise SystemExit(
            f"The application's role {role} can change what must not change (docs/runbook.md, «Two roles»):\n{faults}"
        )


async def check_role(connection: AsyncConnection, role: str | None) -> None:
    if role and not await role_exists(connection, role):
        raise SystemExit(
            f"The role {role} of DATABASE_URL is not there; as a superuser: CREATE ROLE {role} LOGIN PASSWORD '…'"
        )
    await connection.commit()


async def main() -> None:
    engine, role = create_async_engine(database_url(), poolclass=NullPool), application_role()
    async with engine.connect() as connection:
        await check_role(connection, role)
        await wait_for_others(connection)
        await connection.run_sync(migrate)
        await give_privileges(connection, role)
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
