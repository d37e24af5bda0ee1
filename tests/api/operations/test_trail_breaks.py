"""Broken trails are shown to owners and the operator, on the card and in the metrics."""

import asyncio
import re
from uuid import uuid4

import pytest
from prometheus_client import generate_latest

from domain.clients.trail import BreakKind
from domain.clients.wording import BREAKS
from domain.kernel.clock import utc_now
from models import Client, TrailBreak
from models.people.manager import Role
from tests.api.shared_api import SharedApi, Staff, staff_of
from tests.factories import stored

BREAKS_PATH = "/api/manager/evidence/breaks"


@pytest.fixture
async def broken(owner: Staff) -> Client:
    """A client of the owner's organisation whose third event was rewritten."""
    client = await owner.client()
    row = TrailBreak(id=uuid4(), client_id=client.id, kind=BreakKind.CONTENT, ordinal=3, found_at=utc_now())
    await stored(owner.api.sessions, row)
    return client


async def test_the_owner_sees_the_breaks_of_his_organisation(owner: Staff, stranger: Staff, broken: Client) -> None:
    [shown] = (await owner.http.get(BREAKS_PATH)).json()["items"]
    assert (shown["client_id"], shown["kind"], shown["ordinal"]) == (str(broken.id), "content", 3)
    assert shown["detail"] == BREAKS[BreakKind.CONTENT]
    assert (await stranger.http.get(BREAKS_PATH)).json() == {"items": []}


async def test_the_operator_sees_all_and_a_manager_none(
    shared_api: SharedApi, owner: Staff, staff: Staff, broken: Client
) -> None:
    operator = await staff_of(shared_api, is_super_admin=True, can_onboard=False)
    found = (await operator.http.get(BREAKS_PATH)).json()["items"]
    assert str(broken.id) in {one["client_id"] for one in found}
    assert (await staff.http.get(BREAKS_PATH)).status_code == 403


async def test_the_card_says_that_its_trail_is_broken(shared_api: SharedApi, owner: Staff, broken: Client) -> None:
    manager = await staff_of(shared_api, organisation_id=owner.manager.organisation_id, role=Role.MANAGER)
    whole = await owner.client()
    shown = [(await manager.http.get(f"/api/manager/clients/{one.id}")).json() for one in (broken, whole)]
    assert [(card["trail_broken"], card["warnings"]) for card in shown] == [(True, []), (False, [])]


async def test_the_metrics_count_them(shared_api: SharedApi, broken: Client) -> None:
    page = (await asyncio.to_thread(generate_latest, shared_api.app.state.metrics.registry)).decode()
    found = re.search(r"^privet_trail_breaks (\S+)$", page, re.MULTILINE)
    assert found
    assert float(found[1]) >= 1


def test_every_kind_has_words() -> None:
    assert set(BREAKS) == set(BreakKind)
