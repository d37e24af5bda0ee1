"""Only the migrations of `make up` get the owner of the tables."""

import json
from pathlib import Path

import pytest

from domain.kernel.secrecy import OF_SEAL
from embedded.config import BadSetting, UpConfig
from embedded.credentials import generate
from embedded.environment import children_environment, migration_environment
from embedded.servers.selection import select_servers
from embedded.up import stages
from embedded.within import environment as environment_within
from supervisor.child import Job, Service

EXTERNAL = {
    "DATABASE_URL": "postgresql+asyncpg://app:x@db.example.ru/privet",
    "MIGRATION_DATABASE_URL": "postgresql+asyncpg://owner:secret@db.example.ru/privet",
}


def variables(folder: Path, given: dict[str, str]) -> dict[str, dict[str, str]]:
    """What each child gets, by its name; with `given` in the environment of `make up`."""
    config, secrets = UpConfig.read({**given, "DATA_DIR": str(folder)}), generate()
    servers = select_servers(config, secrets)
    children = children_environment(config, servers, secrets, folder / "seal.p12", given)
    started = [child for stage in stages(servers, children, migration_environment(servers, given)) for child in stage]
    ours = {"migrate", "worker", "documents", "conversations", "polling", "api", "seal", "seed"}
    commands = {child.name: child.command() for child in started if isinstance(child, Job | Service)}
    return {name: {**given, **command.env} for name, command in commands.items() if name in ours}


@pytest.mark.parametrize("given", [{}, EXTERNAL], ids=["embedded", "external"])
def test_only_the_migrations_get_the_owners_address(tmp_path: Path, given: dict[str, str]) -> None:
    found = variables(tmp_path, given)
    owners = {name for name, values in found.items() if values["MIGRATION_DATABASE_URL"]}
    assert owners == {"migrate"}
    owner = found["migrate"]["MIGRATION_DATABASE_URL"]
    others = [value for name, values in found.items() if name != "migrate" for value in values.values()]
    assert len(found) > 5
    assert not any(owner in value for value in others)


def test_an_external_database_with_one_role_is_migrated_as_before(tmp_path: Path) -> None:
    found = variables(tmp_path, {"DATABASE_URL": EXTERNAL["DATABASE_URL"]})
    assert found["migrate"]["MIGRATION_DATABASE_URL"] == ""


def test_a_command_beside_secrets_of_an_earlier_version_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"POSTGRES_PASSWORD": "x", "S3_ACCESS_KEY": "x", "S3_SECRET_KEY": "x"}')
    with pytest.raises(BadSetting, match="start `make up` once"):
        environment_within({"DATA_DIR": str(tmp_path)})


def test_a_command_beside_gets_nothing_that_signs(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text(json.dumps(generate()))
    found = environment_within({"DATA_DIR": str(tmp_path), "SEAL_PASSPHRASE": "of the shell"})
    assert {found[name] for name in OF_SEAL} == {""}
    assert found["DATA_KEYS"]
