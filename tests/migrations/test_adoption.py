"""A database that already holds the client product's tables is adopted, or refused before anything is changed."""

from typing import Any
from uuid import UUID

import pytest
from alembic.util import CommandError

from domain.clients.status import ClientStatus
from models import Client, OwnDevice, SupportMessage, SupportTicket, User
from models.kernel.database import connect, make_sessions
from models.people.organisation import FIRST
from tests import database, factories
from tests.migrations.old_product import ROWS, SCHEMA, TABLES, WITH_NUMBERS
from tests.migrations.schema import rows, run, schema

OLD_USER = UUID("10000000-0000-4000-8000-000000000001")
OLD_TICKET = UUID("30000000-0000-4000-8000-000000000001")


async def contents(url: str) -> dict[str, list[Any]]:
    """The old columns of every old row, with its place and its last writer: a row that was rewritten shows."""
    return {
        table: [
            tuple(row)
            for row in await rows(url, f"SELECT ctid::text, xmin::text, {columns} FROM {table} ORDER BY ctid")
        ]
        for table, columns in TABLES.items()
    }


@pytest.fixture
async def old_url(empty_database_url: str) -> str:
    await run(empty_database_url, SCHEMA + ROWS)
    return empty_database_url


async def test_old_rows_stay_as_they_are(old_url: str) -> None:
    before = await contents(old_url)
    database.upgrade(old_url)

    assert await contents(old_url) == before


async def test_old_rows_get_no_value_that_nobody_gave_them(old_url: str) -> None:
    database.upgrade(old_url)

    new = await rows(old_url, "SELECT address, password_hash, has_subscription, blocked_at, created_at FROM users")
    assert [set(row.values()) for row in new] == [{None}, {None}]


async def test_added_columns_are_optional(old_url: str) -> None:
    old_columns = {f"column {table}.{name}" for table, names in TABLES.items() for name in names.split(", ")}
    database.upgrade(old_url)

    lines = await schema(old_url, guards=False, without=["alembic_version"])
    added = [
        line
        for line in lines
        if line.startswith(tuple(f"column {table}." for table in TABLES))
        and " ".join(line.split()[:2]) not in old_columns
    ]
    assert len(added) > 10
    assert [line for line in added if "not null" in line] == []


async def test_indexes_are_added_unless_the_table_has_an_equal_one(old_url: str) -> None:
    database.upgrade(old_url)

    lines = await schema(old_url)
    assert "index CREATE UNIQUE INDEX uq_users_phone ON public.users USING btree (phone)" in lines
    assert not any("ix_devices_user_id" in line for line in lines)


async def test_the_adopted_database_serves_old_and_new_clients(old_url: str) -> None:
    database.upgrade(old_url)
    engine = connect(old_url, pool_size=2)
    sessions = make_sessions(engine)

    new = await factories.make_user(sessions, email=None)
    card = Client(organisation_id=FIRST, user_id=OLD_USER, status=ClientStatus.NEW, support_ticket_id=OLD_TICKET)
    ticket = await factories.make_ticket(sessions, new)
    await factories.stored(sessions, card)
    await factories.stored(sessions, OwnDevice(user_id=new.id, title="Утюг"))
    await factories.stored(sessions, SupportMessage(ticket_id=OLD_TICKET, author="support", body="Здравствуйте"))
    await factories.stored(sessions, SupportMessage(ticket_id=ticket.id, author="support", body_sealed=b"\x01"))
    async with sessions() as session:
        assert [message.body for message, _ in await SupportMessage.last_of(session, OLD_TICKET, 50)] == [
            "Помогите",
            "Здравствуйте",
        ]
        assert (await session.get_one(User, OLD_USER)).name == "Пётр Старый"
        assert (await session.get_one(SupportTicket, ticket.id)).status == "open"
    await engine.dispose()


async def test_the_other_product_goes_on_writing_as_before(old_url: str) -> None:
    database.upgrade(old_url)
    await run(
        old_url,
        "INSERT INTO users (id, phone, email, hashed_password, updated_at) "
        "VALUES (gen_random_uuid(), '9990001122', 'new@example.com', 'x', now());"
        "DELETE FROM users WHERE phone = '9990001122'",
    )
    assert [row[0] for row in await rows(old_url, "SELECT version_num FROM alembic_version")] == ["theirs"]


async def test_the_way_back_takes_away_only_what_was_added(old_url: str) -> None:
    before, looks = await contents(old_url), await schema(old_url)
    database.upgrade(old_url)
    database.downgrade(old_url)

    assert await contents(old_url) == before
    assert await schema(old_url, without=["privet_manager_alembic_version"]) == looks


async def test_a_time_of_another_product_confirms_no_phone_and_stays_after_the_way_back(old_url: str) -> None:
    await run(
        old_url,
        "ALTER TABLE users ADD phone_confirmed_at timestamptz; UPDATE users SET phone_confirmed_at = '2024-05-01'",
    )
    looks = await schema(old_url)
    database.upgrade(old_url)
    engine = connect(old_url, pool_size=2)
    async with make_sessions(engine)() as session:
        assert not (await session.get_one(User, OLD_USER)).phone_is_confirmed
    await engine.dispose()
    database.downgrade(old_url)
    assert await schema(old_url, without=["privet_manager_alembic_version"]) == looks


async def test_columns_that_would_confirm_everybody_stop_the_step_that_needs_them(old_url: str) -> None:
    await run(old_url, "ALTER TABLE users ADD phone_confirmed_at timestamptz DEFAULT now(), ADD telegram_user_id text")
    with pytest.raises(CommandError, match="this step changed nothing") as refusal:
        database.upgrade(old_url)
    assert "users.phone_confirmed_at is filled in every row" in str(refusal.value)
    assert "users.telegram_user_id is of another type than bigint" in str(refusal.value)
    assert "table account_confirmations" not in await schema(old_url)

    await run(old_url, "ALTER TABLE users RENAME phone_confirmed_at TO theirs")
    await run(old_url, "ALTER TABLE users RENAME telegram_user_id TO telegram")
    database.upgrade(old_url)
    assert "table account_confirmations" in await schema(old_url)


async def test_clients_who_came_to_us_stay_after_the_way_back(old_url: str) -> None:
    database.upgrade(old_url)
    await run(old_url, "INSERT INTO users (id, phone) VALUES (gen_random_uuid(), '9160009988')")
    database.downgrade(old_url)

    kept = await rows(old_url, "SELECT email, hashed_password FROM users WHERE phone = '9160009988'")
    assert [tuple(row) for row in kept] == [(None, "")]


async def test_an_adopted_database_can_be_left_and_adopted_again(old_url: str) -> None:
    before = await contents(old_url)
    database.upgrade(old_url)
    once = await schema(old_url)
    database.downgrade(old_url)
    database.upgrade(old_url)

    assert await schema(old_url) == once
    assert await contents(old_url) == before


async def test_some_of_the_tables_are_enough(empty_database_url: str) -> None:
    await run(
        empty_database_url, "CREATE TABLE users (id uuid PRIMARY KEY); INSERT INTO users VALUES (gen_random_uuid())"
    )
    database.upgrade(empty_database_url)

    assert [row[0] for row in await rows(empty_database_url, "SELECT count(*) FROM users WHERE phone IS NULL")] == [1]
    database.downgrade(empty_database_url)
    assert await schema(empty_database_url, without=["privet_manager_alembic_version"]) == {
        "table users",
        "column users.id uuid not null",
        "constraint users users_pkey PRIMARY KEY (id)",
        "index CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)",
    }


REFUSED = {
    "numbers as ids": (
        WITH_NUMBERS,
        ["users.id is of type integer", "support_tickets.id is of type bigint", "uuid", "Convert"],
    ),
    "uuids as text": (
        "CREATE TABLE users (id varchar(36) PRIMARY KEY)",
        ["users.id is of type varchar(36), uuid is needed"],
    ),
    "no id": ("CREATE TABLE devices (serial uuid PRIMARY KEY)", ["devices.id is missing, uuid is needed"]),
    "ids that may repeat": ("CREATE TABLE users (id uuid)", ["users.id is not unique: make it the primary key"]),
    "one phone twice": (
        SCHEMA + ROWS + "UPDATE users SET phone = '9164445566'",
        ["users.phone: 1 values stand in more than one row: merge these rows"],
    ),
    "another kind of column": (
        "CREATE TYPE mood AS ENUM ('NEW');"
        "CREATE TABLE support_tickets (id uuid PRIMARY KEY, user_id integer, status mood)",
        [
            "support_tickets.user_id is of type integer, uuid is needed",
            "support_tickets.status is of type mood, varchar(32) is needed",
            "convert or rename",
        ],
    ),
    "a value that we cannot know": (
        SCHEMA + "ALTER TABLE users ADD city_id uuid NOT NULL, ADD login text NOT NULL UNIQUE",
        [
            "users.city_id is required and we do not know it",
            "users.login is required and we do not know it: give it a default",
        ],
    ),
    "a table that we need": (
        "CREATE TABLE manager_clients (id uuid PRIMARY KEY)",
        ["table manager_clients is here already and is not ours: rename it or use another database"],
    ),
}


@pytest.mark.parametrize(("statements", "told"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_adopted_is_refused_and_left_untouched(
    empty_database_url: str, statements: str, told: list[str]
) -> None:
    await run(empty_database_url, statements)
    before = await schema(empty_database_url)

    with pytest.raises(CommandError, match="nothing was changed") as refusal:
        database.upgrade(empty_database_url)
    assert [part for part in told if part not in str(refusal.value)] == []
    assert await schema(empty_database_url) == before
    assert await rows(empty_database_url, "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'") == []


async def test_the_refusal_names_no_phone(empty_database_url: str) -> None:
    await run(empty_database_url, SCHEMA + ROWS + "UPDATE users SET phone = '9164445566'")
    with pytest.raises(CommandError) as refusal:
        database.upgrade(empty_database_url)
    assert "9164445566" not in str(refusal.value)
