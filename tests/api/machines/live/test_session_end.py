"""A stream of events ends with its session, in every process of the API, and no other stream does."""

from contextlib import AsyncExitStack

import asyncpg
import pytest
from httpx import AsyncClient

from embedded.stack import Stack
from tests.api.machines.live.conftest import Served
from tests.api.machines.live.event_stream import opened
from tests.api.machines.live.organisation_rows import OrganisationRows
from tests.api.own_api import open_api, settings_of, starting_now
from tests.factories import PASSWORD, session_of


async def logged_in(http: AsyncClient, rows: OrganisationRows) -> str:
    answer = await http.post("/api/auth/login", json={"email": rows.owner.email, "password": PASSWORD})
    token: str = answer.json()["access_token"]
    return token


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_log_out_ends_the_stream_of_its_session_alone(
    served: Served, rows: OrganisationRows, stack: Stack, elsewhere: bool
) -> None:
    """`elsewhere`: at another process of the API."""
    async with AsyncExitStack() as ends:
        second = settings_of(stack, DATABASE_URL=str(served.own_api.context.settings.database_url.get_secret_value()))
        other = await ends.enter_async_context(open_api(second, starting_now()))
        http = (other if elsewhere else served.own_api).visitor()
        token = await logged_in(http, rows)
        page = await ends.enter_async_context(opened(served.url, token))
        kept = await ends.enter_async_context(opened(served.url, served.token(rows.owner)))
        await http.post("/api/auth/logout", headers={"Authorization": f"Bearer {token}"})
        assert await page.heard_until("end") == ["bye", "end"]
        await rows.changes(rows.organisation, "name = 'Последнее'")
        assert await kept.next() == ("organisation", {})


async def test_a_deleted_session_is_told_as_an_ended_one(served: Served, rows: OrganisationRows) -> None:
    async with opened(served.url, served.token(rows.owner)) as page:
        await rows.does("DELETE FROM manager_sessions WHERE id = :id", id=session_of(rows.owner))
        assert await page.heard_until("end") == ["bye", "end"]


async def test_what_ended_while_the_database_was_away_is_found_out_afterwards(
    served: Served, rows: OrganisationRows, owner_url: str
) -> None:
    """One transaction ends the session untold and cuts the line: a word of it can never arrive."""
    async with opened(served.url, served.token(rows.owner)) as page:
        await untold(owner_url, f"UPDATE manager_sessions SET revoked_at = now() WHERE id = '{session_of(rows.owner)}'")
        await rows.does(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'privet-live' AND datname = current_database()"
        )
        assert (await page.heard_until("end"))[-2:] == ["bye", "end"]


async def untold(owner_url: str, statement: str) -> None:
    """Only the tables' owner may switch triggers off."""
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    async with connection.transaction():
        await connection.execute("ALTER TABLE manager_sessions DISABLE TRIGGER USER")
        await connection.execute(statement)
        await connection.execute("ALTER TABLE manager_sessions ENABLE TRIGGER USER")
    await connection.close()
