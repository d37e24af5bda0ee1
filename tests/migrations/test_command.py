"""`python -m alembic` as an operator runs it: with `DATABASE_URL` and nothing else."""

import os
import subprocess
import sys

from tests import database
from tests.migrations.old_product import WITH_NUMBERS
from tests.migrations.schema import rows, run


def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=database.CHECKOUT,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def test_two_migrators_at_once_go_one_after_the_other(empty_database_url: str) -> None:
    migrators = [start("upgrade", "head", DATABASE_URL=empty_database_url) for _ in range(3)]
    said = [migrator.communicate()[0] for migrator in migrators]

    assert [migrator.returncode for migrator in migrators] == [0, 0, 0], said
    assert sum("Migrated to" in output for output in said) == 1
    assert [row[0] for row in await rows(empty_database_url, "SELECT count(*) FROM organisations")] == [1]


async def test_a_refusal_is_told_without_a_traceback(empty_database_url: str) -> None:
    await run(empty_database_url, WITH_NUMBERS)
    migrator = start("upgrade", "head", DATABASE_URL=empty_database_url)
    said = migrator.communicate()[0]

    assert migrator.returncode != 0
    assert "users.id is of type integer, uuid is needed" in said
    assert "Traceback" not in said


def test_a_missing_address_of_the_database_is_named() -> None:
    migrator = start("upgrade", "head")
    said = migrator.communicate()[0]

    assert migrator.returncode != 0
    assert said.strip() == "DATABASE_URL is not set to postgresql+asyncpg://user:password@host:port/database"


def test_the_statements_can_be_read_before_they_are_run() -> None:
    migrator = start("upgrade", "head", "--sql")
    said = migrator.communicate()[0]

    assert migrator.returncode == 0
    assert "CREATE TABLE manager_contracts" in said
    assert "Бесплатный" in said
