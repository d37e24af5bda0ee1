"""The servers keep acknowledged data through kill -9, and are configured for the product."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest
from minio import Minio
from minio.error import InvalidResponseError
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowHandle

from embedded.credentials import generate
from embedded.servers.postgres import APPLICATION, Postgres
from embedded.servers.temporal import RETENTION, SEARCH_ATTRIBUTES
from embedded.stack import Stack
from tests.database import upgrade

ROOT = Path(__file__).resolve().parents[2]
STARTS_A_STACK = """
import pathlib, signal, sys
from embedded.stack import Stack
with Stack(pathlib.Path(sys.argv[1])) as stack:
    print(*(child.pid for child in stack.children.values()), flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, because these tests kill servers."""
    with Stack(tmp_path_factory.mktemp("own")) as stack:
        yield stack


@pytest.fixture
async def database(own: Stack) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await connect(own.postgres)
    yield connection
    await connection.close()


async def connect(postgres: Postgres) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(postgres.owner_url.replace("+asyncpg", ""))


def s3(stack: Stack) -> Minio:
    store = stack.store
    return Minio(store.address, store.access_key, store.secret_key, secure=False, region=store.region)


async def test_trigram_search_finds_cyrillic_letters(database: "asyncpg.Connection[asyncpg.Record]") -> None:
    await database.execute("create extension if not exists pg_trgm")
    assert await database.fetchval("select similarity('Семёнов', 'Семёнова')") > 0.5
    assert await database.fetchval("select lower('ЁЛКА') || upper('щука')") == "ёлкаЩУКА"


async def test_a_wrong_password_is_refused(own: Stack) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(own.postgres.owner_url.replace("+asyncpg", "").replace(own.postgres.password, "guess"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_postgresql_never_runs_as_root_and_works_below_a_closed_folder(own: Stack) -> None:
    process = psutil.Process(own.children["postgres"].pid)
    assert process.name() == "postgres"
    assert process.uids().effective != 0
    assert not any(parent.stat().st_mode & 0o001 for parent in [own.folder.parent])


async def test_a_committed_row_survives_kill_minus_nine_while_clients_work(own: Stack) -> None:
    await (await connect(own.postgres)).execute("create table if not exists kept (id uuid)")
    busy = [await connect(own.postgres) for _ in range(10)]
    sleeping = [asyncio.ensure_future(one.execute("select pg_sleep(600)")) for one in busy]
    ours = uuid4()
    await execute_once(own, f"insert into kept values ('{ours}')")
    own.restart("postgres")
    assert all(isinstance(one, Exception) for one in await asyncio.gather(*sleeping, return_exceptions=True))
    assert await execute_once(own, f"select count(*) from kept where id = '{ours}'") == 1


async def execute_once(own: Stack, statement: str) -> object:
    connection = await connect(own.postgres)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_a_pid_file_that_names_another_program_does_not_block_the_start(own: Stack) -> None:
    own.kill("postgres")
    file = own.postgres.data / "postmaster.pid"
    _, *rest = file.read_text().split("\n")
    file.write_text("\n".join([str(os.getpid()), *rest]))
    own.start("postgres")


def test_an_incomplete_cluster_is_created_again(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    postgres = Postgres(tmp_path, 1, "secret", "other", durable=False)
    postgres.prepare()
    assert (postgres.data / "global" / "pg_control").exists()
    assert not half.exists()


async def test_a_password_of_another_cluster_is_an_error_that_names_secrets_json(own: Stack) -> None:
    stranger = Postgres(own.folder, own.postgres.port, generate()["POSTGRES_PASSWORD"], "other")
    with pytest.raises(RuntimeError, match=r"secrets\.json"):
        await stranger.wait_ready(30)


async def test_workflows_can_be_found_by_our_search_attributes(own: Stack) -> None:
    client = await Client.connect(own.temporal_address)
    answer = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    assert {name for name, kind in answer.custom_attributes.items() if kind == keyword} >= set(SEARCH_ATTRIBUTES)


async def test_closed_workflows_are_kept_for_the_retention(own: Stack) -> None:
    client = await Client.connect(own.temporal_address)
    answer = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert answer.config.workflow_execution_retention_ttl.ToTimedelta() == RETENTION


async def test_a_workflow_survives_kill_minus_nine_of_temporal(own: Stack) -> None:
    client = await Client.connect(own.temporal_address)
    handle: WorkflowHandle[object, object] = await client.start_workflow("Anything", id="kept", task_queue="nobody")
    own.restart("temporal")
    assert (await handle.describe()).run_id == handle.result_run_id


@pytest.mark.parametrize("turn", range(3))
def test_an_acknowledged_object_survives_kill_minus_nine(own: Stack, turn: int) -> None:
    content, key = os.urandom(300_000), f"photos/{turn}.jpg"
    s3(own).put_object(own.store.bucket, key, io.BytesIO(content), len(content), content_type="image/jpeg")
    own.restart("store")
    answer = s3(own).get_object(own.store.bucket, key)
    assert (answer.data, answer.headers["content-type"]) == (content, "image/jpeg")


def test_the_store_refuses_a_wrong_key(own: Stack) -> None:
    stranger = Minio(own.store.address, own.store.access_key, "guess", secure=False, region=own.store.region)
    with pytest.raises(InvalidResponseError, match="SignatureDoesNotMatch"):
        stranger.put_object(own.store.bucket, "x", io.BytesIO(b"x"), 1)


def test_the_bucket_stays_when_its_last_object_goes(own: Stack) -> None:
    s3(own).put_object(own.store.bucket, "deep/last", io.BytesIO(b"x"), 1)
    for found in list(s3(own).list_objects(own.store.bucket, recursive=True)):
        s3(own).remove_object(own.store.bucket, found.object_name or "")
    assert s3(own).bucket_exists(own.store.bucket)


def test_servers_end_by_their_stop_signal(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack:
        for name, child in stack.children.items():
            child.send_signal(stack.servers[name].command().stop_signal)
        assert [child.wait(10) for child in stack.children.values()] == [0, 0, 143]  # rclone exits with 128 + SIGTERM


def test_secrets_are_on_no_command_line(own: Stack) -> None:
    lines = " ".join(" ".join(psutil.Process(child.pid).cmdline()) for child in own.children.values())
    assert not any(secret in lines for secret in own.secrets.values())


def test_servers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", STARTS_A_STACK, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        children = [psutil.Process(int(number)) for number in parent.stdout.readline().split()]
        parent.kill()
    assert len(children) == 3
    assert not psutil.wait_procs(children, timeout=10)[1]


async def test_the_application_has_a_role_of_its_own_that_owns_nothing(own: Stack) -> None:
    connection = await asyncpg.connect(own.database_url.replace("+asyncpg", ""))
    [role] = await connection.fetch(
        "select rolname, rolsuper, rolcreaterole from pg_roles where rolname = current_user"
    )
    await connection.close()
    assert tuple(role) == (APPLICATION, False, False)


async def test_a_cluster_of_an_earlier_version_gets_the_role_and_keeps_its_data(tmp_path: Path) -> None:
    """One role made everything; tables, rows and password stay, and nobody does anything by hand."""
    with Stack(tmp_path) as stack:
        await execute_once(stack, f"drop role {APPLICATION}")
        upgrade(stack.owner_url, "d20c7a5e91f3", role=None)
        await execute_once(stack, "insert into organisations (id, name) values (gen_random_uuid(), 'До обновления')")
        stack.restart("postgres")
        upgrade(stack.owner_url)
        connection = await asyncpg.connect(stack.database_url.replace("+asyncpg", ""))
        assert await connection.fetchval("select count(*) from organisations where name = 'До обновления'") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("delete from audit_events")
        await connection.close()


async def test_a_changed_password_of_the_application_counts_from_the_next_start(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack:
        renewed = replace(stack.postgres, app_password="renewed")
        await renewed.wait_ready(30)
        await (await asyncpg.connect(renewed.url.replace("+asyncpg", ""))).close()
