"""A broken chain is found, whoever broke it and however; a whole one is not."""

import asyncio
import logging
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities.operations.trails import CLIENTS_AT_ONCE, TrailActivities, Walked
from domain.clients.trail import BreakKind
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
from models import Client, Delivery, Event, TrailBreak
from models.people.manager import Role
from models.people.organisation import FIRST
from tests.database_content import GUARDS
from tests.factories import make_client, make_manager, make_user
from tests.onboarding_setup import PROFILE, OnboardingSetup

OLD = "INSERT INTO audit_events (id, client_id, at, actor_kind, verb, previous, hash) VALUES "


class Trails:
    """The verifier, and the owner of the tables, who switches guards off."""

    def __init__(self, onboarding: OnboardingSetup, owner: AsyncEngine) -> None:
        self.onboarding, self.owner = onboarding, owner
        self.activities = TrailActivities(
            onboarding.sessions, onboarding.keyring, "https://privet.example", onboarding.clock
        )

    async def walk(self, *, all_keyed: bool = False, keyring: Keyring | None = None) -> Walked:
        activities = self.activities
        if keyring is not None:
            activities = TrailActivities(self.onboarding.sessions, keyring, "", self.onboarding.clock)
        return await ActivityEnvironment().run(activities.verify_trails, all_keyed)

    async def key(self) -> int:
        return await ActivityEnvironment().run(self.activities.key_trails)

    async def breaks(self) -> list[tuple[UUID, BreakKind, int | None]]:
        async with self.onboarding.sessions() as session:
            rows = (await session.exec(select(TrailBreak))).all()
        return [(row.client_id, row.kind, row.ordinal) for row in rows]

    async def tampers(self, *statements: str, **values: object) -> None:
        """As the owner of the tables, with the guards off for as long as it takes."""
        async with self.owner.begin() as connection:
            guards = (await connection.execute(text(GUARDS))).all()
            for table, trigger in guards:
                await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
            for statement in statements:
                await connection.execute(text(statement), values)
            for table, trigger in guards:
                await connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"))

    async def client(self, events: int = 4) -> Client:
        """With a chain of its own."""
        client = await make_client(self.onboarding.sessions)
        for _ in range(events):
            await self.writes(client)
        return client

    async def writes(self, client: Client, keyring: Keyring | None = None) -> None:
        async with self.onboarding.sessions.begin() as session:
            locked = await Client.locked(session, client.id)
            assert locked is not None
            Event.add(
                session,
                keyring or self.onboarding.keyring,
                locked,
                SYSTEM,
                "device-added",
                self.onboarding.clock(),
                uuid4(),
                place=uuid4().hex,
            )

    async def old_chain(self, events: int = 3) -> Client:
        """As the release before keys left it: no key, no number, no count and no MAC."""
        client = await self.client(events)
        await self.rehash(client)
        await self.tampers(
            "UPDATE manager_clients SET events_mac = NULL, events_key_id = NULL, events_count = 0 WHERE id = :id",
            id=client.id,
        )
        return client

    async def rehash(self, client: Client) -> None:
        """Write the whole chain anew without keys, which needs no secret, and set the head to it."""
        async with self.onboarding.sessions() as session:
            events = await Event.of_client(session, client.id)
        previous = None
        for event in events:
            link = replace(event.link, key_id=None, ordinal=None, previous=previous)
            hashed = link.hash(self.onboarding.keyring)
            await self.tampers(
                "UPDATE audit_events SET key_id = NULL, ordinal = NULL, previous = :previous, hash = :hash "
                "WHERE seq = :seq",
                previous=previous,
                hash=hashed,
                seq=event.seq,
            )
            previous = hashed
        await self.tampers("UPDATE manager_clients SET events_head = :head WHERE id = :id", head=previous, id=client.id)


@pytest.fixture
def trails(onboarding: OnboardingSetup, owner_engine: AsyncEngine) -> Trails:
    return Trails(onboarding, owner_engine)


@pytest.fixture
async def client(trails: Trails) -> Client:
    """Four events; another client has as many, and both are whole."""
    await trails.client()
    return await trails.client()


async def test_whole_chains_have_no_break(trails: Trails, onboarding: OnboardingSetup) -> None:
    await onboarding.signed()
    await trails.client(0)
    await trails.old_chain()

    walked = await trails.walk()
    assert (walked.clients, walked.breaks, walked.unkeyed, walked.all_keyed) == (3, 0, 2, False)
    assert walked.events > 12
    assert await trails.breaks() == []


THIRD = "seq = (SELECT seq FROM audit_events WHERE client_id = :id AND ordinal = 3)"
LAST = "seq = (SELECT max(seq) FROM audit_events WHERE client_id = :id)"
SET_BACK = (
    "UPDATE manager_clients SET events_count = 3, "
    "events_head = (SELECT hash FROM audit_events WHERE client_id = :id AND ordinal = 3) WHERE id = :id"
)
OTHER = "(SELECT id FROM manager_clients WHERE id <> :id AND events_count > 0 LIMIT 1)"

BROKEN = {
    "a rewritten event": ([f"UPDATE audit_events SET verb = 'nothing' WHERE {THIRD}"], BreakKind.CONTENT, 3),
    "another time": (
        [f"UPDATE audit_events SET at = at - interval '1 day' WHERE {THIRD}"],
        BreakKind.CONTENT,
        3,
    ),
    "other details": ([f"UPDATE audit_events SET details = '{{}}' WHERE {THIRD}"], BreakKind.CONTENT, 3),
    "an event deleted from the middle": ([f"DELETE FROM audit_events WHERE {THIRD}"], BreakKind.ORDER, 3),
    "the first event deleted": (
        ["DELETE FROM audit_events WHERE client_id = :id AND ordinal = 1"],
        BreakKind.ORDER,
        1,
    ),
    "swapped events": (
        [
            "CREATE TEMP TABLE swapped ON COMMIT DROP AS SELECT * FROM audit_events WHERE client_id = :id",
            "DELETE FROM audit_events WHERE client_id = :id",
            "INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT s.seq, o.id, o.client_id, o.at, o.actor_kind, "
            "o.actor_id, o.verb, o.details, o.previous, o.hash, o.ordinal, o.key_id FROM swapped s JOIN swapped o "
            "ON o.ordinal = CASE s.ordinal WHEN 2 THEN 3 WHEN 3 THEN 2 ELSE s.ordinal END",
        ],
        BreakKind.ORDER,
        2,
    ),
    "the end cut off": ([f"DELETE FROM audit_events WHERE {LAST}"], BreakKind.HEAD, None),
    "the end cut off and the head set back": (
        [f"DELETE FROM audit_events WHERE {LAST}", SET_BACK],
        BreakKind.HEAD_MAC,
        None,
    ),
    "the end cut off, the head set back and its MAC taken away": (
        [
            f"DELETE FROM audit_events WHERE {LAST}",
            SET_BACK,
            "UPDATE manager_clients SET events_mac = NULL, events_key_id = NULL WHERE id = :id",
        ],
        BreakKind.HEAD_UNKEYED,
        None,
    ),
    "all events gone": (
        [
            "DELETE FROM audit_events WHERE client_id = :id",
            "UPDATE manager_clients SET events_head = NULL, events_count = 0 WHERE id = :id",
        ],
        BreakKind.HEAD_MAC,
        None,
    ),
    "the head of another client": (
        [
            "UPDATE manager_clients c SET (events_mac, events_key_id) = (SELECT o.events_mac, o.events_key_id "
            f"FROM manager_clients o WHERE o.id = {OTHER}) WHERE c.id = :id"
        ],
        BreakKind.HEAD_MAC,
        None,
    ),
    "a wrong count": (["UPDATE manager_clients SET events_count = 9 WHERE id = :id"], BreakKind.HEAD, None),
    "an event without a key at the end": (
        [
            f"{OLD} (gen_random_uuid(), :id, now(), 'system', 'x', "
            "(SELECT events_head FROM manager_clients WHERE id = :id), 'x')",
            "UPDATE manager_clients SET events_head = 'x', events_count = 5 WHERE id = :id",
        ],
        BreakKind.UNKEYED,
        5,
    ),
}


@pytest.mark.parametrize(("statements", "kind", "ordinal"), BROKEN.values(), ids=BROKEN.keys())
async def test_what_the_owner_of_the_tables_changes_is_found(
    trails: Trails, client: Client, statements: list[str], kind: BreakKind, ordinal: int | None
) -> None:
    assert (await trails.walk()).breaks == 0
    await trails.tampers(*statements, id=client.id)

    assert (await trails.walk()).breaks == 1
    assert await trails.breaks() == [(client.id, kind, ordinal)]


@pytest.mark.parametrize("statements", [BROKEN[name][0] for name in BROKEN if "head" in name or "gone" in name])
async def test_the_next_event_does_not_cover_it_up(trails: Trails, client: Client, statements: list[str]) -> None:
    await trails.tampers(*statements, id=client.id)
    await trails.writes(client)

    await trails.walk()
    assert [broken for broken, _, _ in await trails.breaks()] == [client.id]


async def test_an_event_moved_to_another_client_breaks_both_chains(trails: Trails, client: Client) -> None:
    await trails.tampers(f"UPDATE audit_events SET client_id = {OTHER}, ordinal = 5 WHERE {LAST}", id=client.id)
    await trails.walk()
    broken = await trails.breaks()
    assert len(broken) == 2
    assert (client.id, BreakKind.HEAD, None) in broken


async def test_a_chain_hashed_anew_without_keys_is_found_by_its_head(trails: Trails, client: Client) -> None:
    await trails.rehash(client)
    await trails.walk()
    assert await trails.breaks() == [(client.id, BreakKind.HEAD_MAC, None)]


async def test_once_all_heads_are_keyed_none_may_be_without(trails: Trails, client: Client) -> None:
    """Such a chain looks like one of the earlier release; the Schedule remembers that there are none any more."""
    first = await trails.walk()
    assert first.all_keyed
    await trails.rehash(client)
    await trails.tampers("UPDATE manager_clients SET events_mac = NULL, events_key_id = NULL", id=client.id)

    again = await trails.walk(all_keyed=first.all_keyed)
    assert again.all_keyed
    assert (client.id, BreakKind.HEAD_UNKEYED, None) in await trails.breaks()


async def test_an_older_chain_is_keyed_once_and_goes_on(trails: Trails) -> None:
    client = await trails.old_chain()
    assert (await trails.walk()).unkeyed == 1
    assert (await trails.key(), await trails.key()) == (1, 0)
    await trails.writes(client)

    walked = await trails.walk()
    assert (walked.unkeyed, walked.breaks, walked.events, walked.all_keyed) == (0, 0, 4, True)


async def test_the_next_event_keys_an_older_chain(trails: Trails) -> None:
    client = await trails.old_chain()
    await trails.writes(client)
    walked = await trails.walk()
    assert (walked.unkeyed, walked.breaks) == (0, 0)


async def test_an_older_chain_that_is_broken_is_not_keyed(trails: Trails) -> None:
    client = await trails.old_chain()
    await trails.tampers("UPDATE audit_events SET verb = 'nothing' WHERE client_id = :id", id=client.id)
    assert await trails.key() == 0
    await trails.walk()
    assert await trails.breaks() == [(client.id, BreakKind.CONTENT, 1)]


async def test_the_earlier_release_cannot_write_into_a_keyed_chain(trails: Trails, client: Client) -> None:
    """Its transaction fails and is tried again, until the process is replaced."""
    statement = text(f"{OLD} (gen_random_uuid(), :id, now(), 'system', 'x', NULL, 'x')")
    async with trails.onboarding.sessions() as session:
        connection = await session.connection()
        with pytest.raises(IntegrityError, match="the events of this client are keyed"):
            await connection.execute(statement, {"id": client.id})


async def test_a_renewed_key_verifies_what_the_old_one_made_and_a_lost_one_is_told(
    trails: Trails, client: Client
) -> None:
    renewed = Keyring({**trails.onboarding.keyring.keys, "k3": b"3" * 32}, current="k3")
    await trails.writes(client, renewed)
    assert (await trails.walk(keyring=renewed)).breaks == 0

    await trails.walk(keyring=Keyring({"k3": b"3" * 32}, current="k3"))
    assert (client.id, BreakKind.UNKNOWN_KEY, 1) in await trails.breaks()


CONTRACTS = {
    "another number": "UPDATE manager_contracts SET number = 'ДР-260302-99' WHERE client_id = :id",
    "another PDF": "UPDATE manager_contracts SET sha256 = repeat('0', 64) WHERE client_id = :id",
    "not signed": "UPDATE manager_contracts SET signed_at = NULL WHERE client_id = :id",
}


@pytest.mark.parametrize("statement", CONTRACTS.values(), ids=CONTRACTS.keys())
async def test_a_signed_contract_is_that_of_its_event(
    trails: Trails, onboarding: OnboardingSetup, statement: str
) -> None:
    client = await onboarding.signed()
    assert (await trails.walk()).breaks == 0
    await trails.tampers(statement, id=client.id)
    await trails.walk()
    assert await trails.breaks() == [(client.id, BreakKind.CONTRACT, None)]


PAPERS = {
    "another certificate": "UPDATE manager_contracts SET certificate_sha256 = repeat('0', 64) WHERE client_id = :id",
    "no certificate": "UPDATE manager_contracts SET certificate_sha256 = NULL WHERE client_id = :id",
    "a stamped edition": "UPDATE manager_contracts SET stamped_sha256 = repeat('0', 64) WHERE client_id = :id",
}


@pytest.mark.parametrize("statement", PAPERS.values(), ids=PAPERS.keys())
async def test_a_certificate_is_that_of_its_event(trails: Trails, onboarding: OnboardingSetup, statement: str) -> None:
    """Who replaces the file and its hash in the row would otherwise have it verified as genuine."""
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    await onboarding.certificates.certify_signature(client.id, contract.id)
    assert (await trails.walk()).breaks == 0
    await trails.tampers(statement, id=client.id)
    await trails.walk()
    assert await trails.breaks() == [(client.id, BreakKind.CONTRACT, None)]


async def test_a_contract_that_nobody_signed_is_found(trails: Trails, onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await trails.tampers(
        "UPDATE manager_contracts SET status = 'signed', signed_at = now() WHERE client_id = :id", id=client.id
    )
    await trails.walk()
    assert await trails.breaks() == [(client.id, BreakKind.CONTRACT, None)]


async def test_a_break_is_told_once_by_ids_alone(
    trails: Trails, onboarding: OnboardingSetup, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    owner = await make_manager(onboarding.sessions, role=Role.OWNER)
    await make_manager(onboarding.sessions, role=Role.OWNER, disabled_at=onboarding.clock())
    await trails.tampers(f"DELETE FROM audit_events WHERE {LAST}", id=client.id)
    with caplog.at_level(logging.ERROR, "privet.trails"):
        await trails.walk()
        await trails.walk()

    assert [record.message for record in caplog.records] == ["trail is broken"]
    async with onboarding.sessions() as session:
        notes = (await session.exec(select(Delivery))).all()
    assert [(note.manager_id, note.purpose) for note in notes] == [(owner.id, "owner_note")]


async def test_a_walk_goes_on_where_a_dead_worker_left_off(trails: Trails, onboarding: OnboardingSetup) -> None:
    clients = sorted([(await trails.client(1)).id for _ in range(3)])
    environment = ActivityEnvironment()
    environment.info = replace(
        environment.info, heartbeat_details=[str(clients[0]), Walked(clients=1, events=1, unkeyed=0, breaks=0)]
    )
    walked = await environment.run(trails.activities.verify_trails, False)
    assert (walked.clients, walked.events) == (3, 3)


async def test_a_walk_disturbs_nobody_who_writes_meanwhile(trails: Trails, onboarding: OnboardingSetup) -> None:
    clients = [await trails.client(2) for _ in range(5)]
    writing = asyncio.gather(*(trails.writes(client) for client in clients for _ in range(5)))
    walks = [await trails.walk() for _ in range(5)]
    await writing
    assert [walked.breaks for walked in walks] == [0] * 5
    assert await trails.breaks() == []
    await onboarding.do(onboarding.cards.save_profile, clients[0], PROFILE)
    assert (await trails.walk()).breaks == 0


async def test_a_walk_takes_some_clients_at_a_time(trails: Trails, onboarding: OnboardingSetup) -> None:
    """Whatever their number: every one is checked once, those after the first batch too."""
    number = 2 * CLIENTS_AT_ONCE + 1
    user = await make_user(onboarding.sessions)
    await trails.tampers(
        "INSERT INTO users (id, name, created_at) SELECT gen_random_uuid(), 'x', now() "
        "FROM generate_series(2, :number)",
        "INSERT INTO manager_clients (id, organisation_id, user_id, status, created_at, updated_at) "
        "SELECT gen_random_uuid(), :organisation, id, 'new', now(), now() FROM users",
        number=number,
        organisation=FIRST,
    )
    heartbeats: list[tuple[object, ...]] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: heartbeats.append(details)
    walked = await environment.run(trails.activities.verify_trails, False)

    assert user.id
    assert (walked.clients, walked.breaks, len(heartbeats)) == (number, 0, 3)
    assert await trails.key() == number
    assert (await trails.walk()).unkeyed == 0
