"""A stream of events: who may open one, how many, and how it ends."""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from api.machines.event_stream import EventStream
from api.machines.live import PER_ACCOUNT, Live
from tests.api.machines.live.conftest import Served
from tests.api.machines.live.event_stream import PATIENCE, opened, stream
from tests.api.machines.live.organisation_rows import OrganisationRows
from tests.api.machines.live.test_reader import NOWHERE, nobody, reader
from tests.factories import make_manager


@pytest.mark.parametrize("change", ["can_onboard = false", "disabled_at = now()", "role = 'owner'"])
async def test_whose_rights_change_is_sent_away_and_judged_anew(
    served: Served, rows: OrganisationRows, change: str
) -> None:
    colleague = await make_manager(rows.sessions, organisation_id=rows.organisation.id)
    async with AsyncExitStack() as pages:
        own = await pages.enter_async_context(opened(served.url, served.token(rows.owner)))
        his = await pages.enter_async_context(opened(served.url, served.token(colleague)))
        await rows.changes(colleague, change)
        assert await his.heard_until("end") == ["bye", "end"]
        await rows.changes(rows.organisation, "name = 'Последнее'")
        assert await own.next() == ("organisation", {})


async def test_a_disabled_account_and_a_stranger_are_not_let_in(served: Served, rows: OrganisationRows) -> None:
    await rows.changes(rows.owner, "disabled_at = now()")
    for token, status in ((served.token(rows.owner), 403), ("none", 401)):
        async with stream(served.url, token) as page:
            assert page.response.status_code == status
            assert page.response.headers["content-type"] == "application/problem+json"


async def test_the_answer_is_a_stream_that_nobody_keeps(served: Served, rows: OrganisationRows) -> None:
    async with opened(served.url, served.token(rows.owner)) as page:
        headers = page.response.headers
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert "content-length" not in headers


async def test_a_stream_ends_with_its_token_and_its_seconds_are_nobodys_latency(
    served: Served, rows: OrganisationRows
) -> None:
    token, life = served.token(rows.owner), served.own_api.context.manager_tokens.lifetime
    served.own_api.clock.advance(life - timedelta(seconds=1))
    began = time.monotonic()
    async with opened(served.url, token) as page:
        assert await served.metric("privet_http_event_streams") == 1
        assert await served.metric("privet_http_requests_in_flight") == 1  # the one that asks
        assert await page.heard_until("end") == ["bye", "end"]
    lasted = time.monotonic() - began
    assert lasted >= 1

    async def is_noted() -> bool:
        return await served.metric("privet_http_event_streams") == 0

    await served.until(is_noted)
    labels = '{method="GET",route="/api/events",status="200"}'
    assert 0 < await served.metric(f"privet_http_request_duration_seconds_sum{labels}") <= lasted - 0.9


async def test_a_page_that_is_closed_is_forgotten(served: Served, rows: OrganisationRows) -> None:
    async def nobody_listens() -> bool:
        return await served.metric("privet_http_event_streams") == 0

    for _ in range(PER_ACCOUNT + 1):
        async with opened(served.url, served.token(rows.owner)):
            pass
        await served.until(nobody_listens)
    assert await nobody_listens()


async def test_one_account_opens_twenty_pages_and_no_more(served: Served, rows: OrganisationRows) -> None:
    token = served.token(rows.owner)
    async with AsyncExitStack() as pages:
        for _ in range(PER_ACCOUNT):
            await pages.enter_async_context(opened(served.url, token))
        async with stream(served.url, token) as page:
            answer = page.response
            assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)
        colleague = await make_manager(rows.sessions, organisation_id=rows.organisation.id)
        await pages.enter_async_context(opened(served.url, served.token(colleague)))


async def test_after_the_database_was_lost_everything_is_to_be_asked_for_anew(
    served: Served, rows: OrganisationRows
) -> None:
    async with opened(served.url, served.token(rows.owner)) as page:
        await rows.does(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'privet-live' AND datname = current_database()"
        )
        assert await page.next() == ("hello", {})
        await rows.changes(rows.dialog, "state = 'closed'")
        assert await page.next() == ("dialog", {"id": str(rows.dialog.id)})


async def test_silence_is_filled_with_pings() -> None:
    live = Live(NOWHERE, nobody, ping=0.01)
    sent = await asyncio.wait_for(_sent(live, 3), PATIENCE)
    assert sent == [b"event: hello\ndata: {}\n\n", b": ping\n\n", b": ping\n\n"]


async def _sent(live: Live, parts: int) -> list[bytes]:
    """What a page is sent until it has so many parts and goes."""
    bodies: list[bytes] = []
    left = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            bodies.append(message["body"])
        if len(bodies) == parts:
            left.set()

    await EventStream(live, live.join(reader()), 3600)({"type": "http"}, receive, send)
    return bodies[:parts]
