"""Every migration goes up, down and up again."""

import re
from pathlib import Path

import pytest
from alembic.script import Script, ScriptDirectory

from tests import database
from tests.migrations.schema import schema

SCRIPTS = ScriptDirectory.from_config(database.configuration(""))
REVISIONS = list(reversed(list(SCRIPTS.walk_revisions())))


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
async def test_a_migration_takes_back_what_it_did_and_can_be_done_again(
    empty_database_url: str, revision: Script
) -> None:
    before = str(revision.down_revision or "base")
    database.upgrade(empty_database_url, str(revision.down_revision)) if revision.down_revision else None
    bottom = await schema(empty_database_url, without=["privet_manager_alembic_version"])
    database.upgrade(empty_database_url, revision.revision)
    top = await schema(empty_database_url, without=["privet_manager_alembic_version"])
    database.downgrade(empty_database_url, before)

    assert await schema(empty_database_url, without=["privet_manager_alembic_version"]) == bottom
    assert top != bottom
    database.upgrade(empty_database_url, revision.revision)
    assert await schema(empty_database_url, without=["privet_manager_alembic_version"]) == top


def test_there_is_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
def test_a_migration_is_dated_in_its_file_name(revision: Script) -> None:
    assert re.fullmatch(rf"20\d{{6}}_{revision.revision}_\w+\.py", Path(revision.path).name)
