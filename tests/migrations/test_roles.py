"""What the application's role cannot do, tried against PostgreSQL; and databases with one role, as before."""

from uuid import uuid4

import asyncpg
import pytest

import models
from domain.contracts.status import ContractStatus
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
from embedded.servers.postgres import APPLICATION, OWNER
from embedded.stack import Stack
from models import Client, ContractOpening, Event, SealCertificate, VerifyLink
from models.kernel.database import Sessions, connect, make_sessions
from models.kernel.grants import owns_the_trail
from tests import database, factories
from tests.clock import MONDAY_NOON
from tests.migrations.old_product import ROWS, SCHEMA
from tests.migrations.schema import rows, run
from tests.migrations.test_command import start

NOT_ALLOWED = asyncpg.InsufficientPrivilegeError
GUARDED = asyncpg.IntegrityConstraintViolationError
HARMLESS = "CREATE OR REPLACE FUNCTION {} RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"


@pytest.fixture
async def filled(sessions: Sessions, keyring: Keyring) -> Client:
    """A client with an event in his trail and a signed contract."""
    client = await factories.make_client(sessions)
    async with sessions.begin() as session:
        held = await session.get_one(Client, client.id)
        Event.add(session, keyring, held, SYSTEM, "registered", MONDAY_NOON, uuid4())
    await factories.make_contract(
        sessions, keyring, client, status=ContractStatus.SIGNED, signed_at=MONDAY_NOON, signature_hmac="k1:00"
    )
    return client


FORBIDDEN = {
    "rewrite an event": "UPDATE audit_events SET verb = 'nothing happened'",
    "delete an event": "DELETE FROM audit_events",
    "empty the trail": "TRUNCATE audit_events",
    "empty the trail by way of the cards": "TRUNCATE manager_clients CASCADE",
    "switch off a trigger": "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
    "switch off all triggers": "ALTER TABLE manager_contracts DISABLE TRIGGER ALL",
    "drop a trigger": "DROP TRIGGER audit_events_append_only ON audit_events",
    "replace the guard's function": HARMLESS.format("privet_append_only()"),
    "replace the guard of contracts": HARMLESS.format("privet_keep_signed_contract()"),
    "make a function": HARMLESS.format("mine()"),
    "make a table": "CREATE TABLE mine (id int)",
    "pretend to be a replica": "SET session_replication_role = replica",
    "become the owner": f"SET ROLE {OWNER}",
    "take the table": f"ALTER TABLE audit_events OWNER TO {APPLICATION}",
    "write past the guards by a rule": "CREATE RULE mine AS ON INSERT TO audit_events DO INSTEAD NOTHING",
    "turn the numbers back": "ALTER SEQUENCE audit_events_seq_seq RESTART WITH 1",
    "set the numbers": "SELECT setval('audit_events_seq_seq', 1000)",
    "choose a number": "INSERT INTO audit_events (seq, id, client_id, at, actor_kind, verb, hash) "
    "OVERRIDING SYSTEM VALUE SELECT 1000, gen_random_uuid(), id, now(), 'system', 'x', 'x' FROM manager_clients",
    "forget who read a card": "DELETE FROM access_events",
    "change who read a card": "UPDATE access_events SET at = now()",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read a file": "COPY manager_clients FROM '/etc/passwd'",
    "empty the contracts": "TRUNCATE manager_contracts CASCADE",
    "another file was opened": "UPDATE contract_openings SET sha256 = 'x'",
    "opened earlier": "UPDATE contract_openings SET first_at = now()",
    "never opened": "DELETE FROM contract_openings",
    "a verify link of another contract": "UPDATE contract_verify_links SET contract_id = gen_random_uuid()",
    "a printed verify link is gone": "DELETE FROM contract_verify_links",
    "a code went by another channel": "UPDATE delivery_attempts SET channel = 'sms'",
    "first tried at another time": "UPDATE delivery_attempts SET at = now()",
    "never tried to deliver": "DELETE FROM delivery_attempts",
    "another certificate of the seal": "UPDATE seal_certificates SET certificate = 'x'",
    "published at another time": "UPDATE seal_certificates SET published_at = now()",
    "an earlier seal is unknown": "DELETE FROM seal_certificates",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
async def test_the_application_may_not(database_url: str, filled: Client, statement: str) -> None:
    with pytest.raises(NOT_ALLOWED):
        await run(database_url, statement)


async def test_kept_evidence_goes_on_and_goes_with_what_it_belongs_to(
    database_url: str, sessions: Sessions, keyring: Keyring
) -> None:
    """The application notes another opening and a revocation; erasure deletes a contract that was never signed."""
    client = await factories.make_client(sessions)
    contract = await factories.make_contract(sessions, keyring, client)
    opening = ContractOpening(contract_id=contract.id, session_id=uuid4(), sha256="0" * 64)
    opening.first_at = opening.last_at = MONDAY_NOON
    link = VerifyLink(contract_id=contract.id, token_sha256=b"x")
    seal = SealCertificate(sha256="0" * 64, certificate=b"x", published_at=MONDAY_NOON)
    async with sessions.begin() as session:
        for _ in range(2):
            await ContractOpening.note(session, opening)
            await VerifyLink.add(session, [link])
            seal.revoked_from = MONDAY_NOON
            await SealCertificate.publish(session, [seal])
    await run(database_url, "DELETE FROM manager_contracts")

    assert (
        await rows(database_url, "SELECT 1 FROM contract_openings UNION ALL SELECT 1 FROM contract_verify_links") == []
    )


SIGNED = {
    "another certificate": "UPDATE manager_contracts SET signature_hmac = 'k1:11'",
    "not signed any more": "UPDATE manager_contracts SET status = 'void'",
    "gone": "DELETE FROM manager_contracts",
}


@pytest.mark.parametrize("statement", SIGNED.values(), ids=SIGNED.keys())
@pytest.mark.parametrize("role", ["application", "owner", "replica"])
async def test_a_signed_contract_is_guarded_against_everybody(
    database_url: str, owner_url: str, filled: Client, statement: str, role: str
) -> None:
    url = database_url if role == "application" else owner_url
    with pytest.raises(GUARDED):
        await run(url, ("SET session_replication_role = replica;" if role == "replica" else "") + statement)


async def test_types_of_ones_own_do_not_lead_the_guard_astray(database_url: str, filled: Client) -> None:
    planted = "CREATE DOMAIN pg_temp.text AS pg_catalog.text; CREATE TYPE pg_temp.jsonb AS (x int);"
    with pytest.raises(GUARDED):
        await run(database_url, planted + SIGNED["another certificate"])


async def test_guards_fire_for_a_superuser_who_pretends_to_be_a_replica(owner_url: str, filled: Client) -> None:
    with pytest.raises(GUARDED):
        await run(owner_url, "SET session_replication_role = replica; DELETE FROM audit_events")


async def test_only_the_tables_owner_owns_the_trail(database_url: str, owner_url: str) -> None:
    found = {}
    for url in (database_url, owner_url):
        engine = connect(url, pool_size=1)
        async with engine.connect() as connection:
            found[url] = await owns_the_trail(connection)
        await engine.dispose()
    assert found == {database_url: False, owner_url: True}


# Roles that an operator made.


@pytest.fixture
async def role(stack: Stack, empty_database_url: str) -> str:
    """Somebody who may log in and nothing else."""
    name = f"app_{uuid4().hex[:12]}"
    await run(stack.owner_url, f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    return name


def as_role(url: str, role: str) -> str:
    return url.replace(url.partition("//")[2].partition("@")[0], f"{role}:x")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER ROLE {role} SUPERUSER", "it is a superuser"),
        ("GRANT pg_write_all_data TO {role}", "DELETE on audit_events"),
        ("GRANT pg_execute_server_program TO {role}", "it may run programs"),
        ("ALTER TABLE audit_events OWNER TO {role}", "table audit_events belongs to it"),
        ("ALTER FUNCTION privet_append_only() OWNER TO {role}", "function privet_append_only belongs to it"),
        ("GRANT UPDATE (verb) ON audit_events TO PUBLIC", "UPDATE on audit_events, by PUBLIC"),
        ("GRANT DELETE ON seal_certificates TO PUBLIC", "DELETE on seal_certificates, by PUBLIC"),
        (f"GRANT {OWNER} TO {{role}}", "table audit_events belongs to it"),
    ],
)
async def test_a_role_that_can_get_around_the_guards_stops_the_start(
    empty_database_url: str, role: str, statement: str, told: str
) -> None:
    database.upgrade(empty_database_url)
    await run(empty_database_url, statement.format(role=role))
    migrator = start(
        "upgrade",
        "head",
        MIGRATION_DATABASE_URL=empty_database_url,
        DATABASE_URL=as_role(empty_database_url, role),
    )
    said = migrator.communicate()[0]

    assert migrator.returncode != 0
    assert told in said
    assert "Traceback" not in said


async def test_a_role_that_is_not_there_is_named_before_anything_is_changed(empty_database_url: str) -> None:
    url = as_role(empty_database_url, "nobody_knows")
    migrator = start("upgrade", "head", MIGRATION_DATABASE_URL=empty_database_url, DATABASE_URL=url)
    said = migrator.communicate()[0]

    assert migrator.returncode != 0
    assert "CREATE ROLE nobody_knows LOGIN" in said
    assert await rows(empty_database_url, "SELECT 1 FROM pg_class WHERE relname = 'manager_clients'") == []


async def test_privileges_are_given_again_and_too_much_is_taken_away(empty_database_url: str, role: str) -> None:
    database.upgrade(empty_database_url, role=role)
    await run(
        empty_database_url,
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT CREATE ON SCHEMA public TO {role};"
        f"REVOKE ALL ON manager_clients FROM {role}",
    )
    database.upgrade(empty_database_url, role=role)

    url = as_role(empty_database_url, role)
    assert await rows(url, "SELECT 1 FROM manager_clients") == []
    for statement in ("DELETE FROM audit_events", "TRUNCATE drafts", "CREATE TABLE mine (id int)"):
        with pytest.raises(NOT_ALLOWED):
            await run(url, statement)


async def test_the_application_may_use_every_table_and_sequence_of_ours(database_url: str) -> None:
    metadata = models.metadata()
    for table in metadata.tables:
        assert await rows(database_url, f"SELECT count(*) FROM {table}")
    assert await rows(database_url, "SELECT nextval('manager_autosave_versions')")
    with pytest.raises(NOT_ALLOWED):
        await run(database_url, "SELECT setval('manager_autosave_versions', 1)")


async def test_one_role_for_everything_works_as_before(stack: Stack, role: str, keyring: Keyring) -> None:
    """Of an external database, whose owner is no superuser and the only role."""
    name = f"single_{uuid4().hex[:12]}"
    stack.create_database(name)
    await run(stack.owner_url, f"ALTER DATABASE {name} OWNER TO {role}")
    url = as_role(stack.postgres.owner_url_of(name), role)
    migrator = start("upgrade", "head", DATABASE_URL=url)
    said = migrator.communicate()[0]
    assert migrator.returncode == 0, said

    engine = connect(url, pool_size=1)
    client = await factories.make_client(make_sessions(engine))
    async with engine.connect() as connection:
        assert await owns_the_trail(connection)
    await engine.dispose()
    with pytest.raises(GUARDED):
        await run(url, "TRUNCATE audit_events")
    assert [row[0] for row in await rows(url, "SELECT id FROM manager_clients")] == [client.id]
    stack.drop_database(name)


async def test_tables_of_others_are_left_to_their_owner(stack: Stack, empty_database_url: str, role: str) -> None:
    """Adopted tables of another product's role, and a table that is none of ours."""
    other = f"theirs_{uuid4().hex[:12]}"
    migrating = f"migrates_{uuid4().hex[:12]}"
    await run(
        empty_database_url,
        f"CREATE ROLE {other} LOGIN PASSWORD 'x'; CREATE ROLE {migrating} LOGIN PASSWORD 'x';"
        f"GRANT CREATE ON SCHEMA public TO {other}, {migrating}; CREATE EXTENSION pg_trgm;"
        f"SET ROLE {other}; {SCHEMA} {ROWS} CREATE TABLE orders (id int); RESET ROLE;"
        f"GRANT {other} TO {migrating}",
    )
    before = await rows(empty_database_url, "SELECT relacl::text FROM pg_class WHERE relname = 'orders'")
    database.upgrade(as_role(empty_database_url, migrating), role=role)
    await run(empty_database_url, f"REVOKE ALL ON users FROM {role}; REVOKE {other} FROM {migrating}")
    said = database.upgrade(as_role(empty_database_url, migrating), role=role)

    assert f"Table users belongs to {other}, who has to run: GRANT SELECT, INSERT, UPDATE, DELETE ON users TO" in said
    assert await rows(empty_database_url, "SELECT relacl::text FROM pg_class WHERE relname = 'orders'") == before
    with pytest.raises(NOT_ALLOWED):
        await run(as_role(empty_database_url, role), "SELECT * FROM orders")
