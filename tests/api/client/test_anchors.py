"""Anybody may see the anchors; nobody sees whose trails are under them."""

import hashlib
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from activities.evidence.anchor import AnchorActivities, AnchorOf
from domain.kernel.actor import SYSTEM
from models import Client, Event
from models.evidence.anchor import AnchorStamp
from tests.api.own_api import OwnApi
from tests.factories import make_client


@pytest.fixture
async def client(own_api: OwnApi) -> Client:
    """Of two anchors, the second with a stamp."""
    client = await make_client(own_api.sessions)
    async with own_api.sessions.begin() as session:
        held = await session.get_one(Client, client.id)
        Event.add(session, own_api.keyring, held, SYSTEM, "registered", own_api.clock.now, uuid4())
    storage = own_api.context.storage
    making = AnchorActivities(own_api.sessions, storage, ZoneInfo("Europe/Moscow"), own_api.clock, stamps=True)
    for day in ("2026-03-01", "2026-03-02"):
        seq = await making.make_anchor(AnchorOf(day))
    await storage.put("anchors/test.tsr", b"stamp", "application/timestamp-reply")
    async with own_api.sessions.begin() as session:
        session.add(
            AnchorStamp(
                anchor_seq=seq,
                stamped_at=own_api.clock.now,
                authority="Служба <времени>",
                token_key="anchors/test.tsr",
                token_sha256="0" * 64,
                created_at=own_api.clock.now,
            )
        )
    return client


async def test_the_newest_anchors_are_public(own_api: OwnApi, client: Client) -> None:
    answer = await own_api.visitor().get("/api/v1/contracts/anchors")
    assert answer.status_code == 200, answer.text
    new, old = answer.json()["anchors"]
    assert (new["day"], new["count"], new["authority"]) == ("2026-03-02", 1, "Служба <времени>")
    assert (old["day"], old["stamped_at"], old["stamp_url"]) == ("2026-03-01", None, None)
    assert str(client.id) not in answer.text
    async with httpx.AsyncClient() as http:
        file = (await http.get(new["file_url"])).content
        assert hashlib.sha256(file).hexdigest() == new["sha256"]
        assert str(client.id).encode() not in file
        assert (await http.get(new["stamp_url"])).content == b"stamp"


@pytest.mark.parametrize(("limit", "status"), [("1", 200), ("100", 200), ("0", 422), ("101", 422), ("x", 422)])
async def test_how_many_are_asked_for(own_api: OwnApi, client: Client, limit: str, status: int) -> None:
    answer = await own_api.visitor().get("/api/v1/contracts/anchors", params={"limit": limit})
    assert answer.status_code == status
    if limit == "1":
        assert [one["day"] for one in answer.json()["anchors"]] == ["2026-03-02"]


async def test_the_page_shows_them(own_api: OwnApi, client: Client) -> None:
    page = (await own_api.visitor().get("/verify")).text
    for said in ("Ежедневный якорь", "2026-03-01", "2026-03-02", "метки времени ещё нет", "Служба &lt;времени&gt;"):
        assert said in page
    assert str(client.id) not in page
    assert "<времени>" not in page
