"""A registration or signature where staff worked within a day is flagged, and nothing else is."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlmodel import select

from domain.people.nearby import REMEMBERED
from models import Client, Event, Manager, Organisation
from models.clients.place import NEARBY, flags_between
from tests.api.client.test_contracts import Offer, offer, working
from tests.api.own_api import AGENT, HOME, OwnApi
from tests.factories import PASSWORD, make_manager, stored

__all__ = ["offer", "working"]

ELSEWHERE = "198.51.100.20"
OFFICE = "198.51.100.77"
COOKIE = "privet_browser"


@pytest.fixture
async def manager(own_api: OwnApi) -> Manager:
    return await make_manager(own_api.sessions)


async def come(own_api: OwnApi, manager: Manager, http: AsyncClient) -> None:
    """Sign in in a browser."""
    answer = await http.post(
        "/api/auth/login", json={"email": manager.email, "password": PASSWORD}, headers={"X-Session": "cookie"}
    )
    assert answer.status_code == 200, answer.text
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


async def register(http: AsyncClient, phone: str = "+79165550102") -> None:
    answer = await http.post("/api/v1/auth/register", json={"phone": phone, "password": "a secret of words"})
    assert answer.status_code == 201, answer.text


async def flags(own_api: OwnApi, client: Client | None = None) -> list[dict[str, Any] | None]:
    async with own_api.sessions() as session:
        client = client or (await session.exec(select(Client))).one()
        return [event.details for event in await Event.of_verb(session, client.id, NEARBY)]


def agent(http: AsyncClient, name: str) -> AsyncClient:
    http.headers["User-Agent"] = name
    return http


async def test_in_the_browser_of_staff_a_registration_is_flagged(own_api: OwnApi, manager: Manager) -> None:
    browser = own_api.visitor(OFFICE)
    await come(own_api, manager, browser)
    elsewhere = agent(own_api.visitor(ELSEWHERE), "Telephone/2.0")
    elsewhere.cookies.set(COOKIE, browser.cookies[COOKIE])
    await register(elsewhere)

    assert await flags(own_api) == [{"act": "registered", "reasons": ["browser"], "managers": [str(manager.id)]}]


@pytest.mark.parametrize(("name", "reason"), [(AGENT, "device"), ("Telephone/2.0", "network")])
async def test_in_the_network_of_staff_a_registration_is_flagged(
    own_api: OwnApi, manager: Manager, name: str, reason: str
) -> None:
    await come(own_api, manager, own_api.visitor(OFFICE))
    await register(agent(own_api.visitor(OFFICE), name))
    assert [(flag or {})["reasons"] for flag in await flags(own_api)] == [[reason]]


async def test_any_request_of_staff_is_work(own_api: OwnApi, manager: Manager) -> None:
    """Not the sign-in alone: whoever signed in at the office and came to the client is seen there."""
    staff = own_api.visitor(OFFICE)
    await come(own_api, manager, staff)
    visiting = own_api.visitor(ELSEWHERE)
    visiting.headers["Authorization"] = staff.headers["Authorization"]
    assert (await visiting.get("/api/manager/clients")).status_code == 200
    await register(agent(own_api.visitor(ELSEWHERE), "Telephone/2.0"))
    assert [(flag or {})["reasons"] for flag in await flags(own_api)] == [["network"]]


@pytest.mark.parametrize(
    ("ip", "cookie"),
    [(ELSEWHERE, None), ("198.51.100.78", None), ("127.0.0.1", None), (ELSEWHERE, "x" * 43), (ELSEWHERE, "'; DROP")],
    ids=["elsewhere", "a neighbour in the /24", "loopback", "another browser", "no cookie of ours"],
)
async def test_elsewhere_nothing_is_flagged(own_api: OwnApi, manager: Manager, ip: str, cookie: str | None) -> None:
    await come(own_api, manager, own_api.visitor("127.0.0.1" if ip == "127.0.0.1" else OFFICE))
    client = own_api.visitor(ip)
    if cookie:
        client.headers["Cookie"] = f"{COOKIE}={cookie}"
    await register(client)
    assert await flags(own_api) == []


async def test_a_household_of_ipv6_is_one_network(own_api: OwnApi, manager: Manager) -> None:
    await come(own_api, manager, own_api.visitor("2001:db8:1:2::a"))
    await register(agent(own_api.visitor("2001:db8:1:2:ffff::1"), "Telephone/2.0"))
    assert [(flag or {})["reasons"] for flag in await flags(own_api)] == [["network"]]


async def test_after_a_day_nobody_is_near(own_api: OwnApi, manager: Manager) -> None:
    await come(own_api, manager, own_api.visitor(OFFICE))
    own_api.clock.advance(REMEMBERED + timedelta(seconds=1))
    await register(own_api.visitor(OFFICE))
    assert await flags(own_api) == []


async def test_staff_of_another_organisation_are_strangers(own_api: OwnApi) -> None:
    other = await stored(own_api.sessions, Organisation(name="Чужая лавка"))
    stranger = await make_manager(own_api.sessions, organisation_id=other.id)
    await come(own_api, stranger, own_api.visitor(OFFICE))
    await register(own_api.visitor(OFFICE))
    assert await flags(own_api) == []


async def test_a_signature_where_staff_worked_is_flagged_on_the_card(
    own_api: OwnApi, offer: Offer, manager: Manager
) -> None:
    await offer.sends_code()
    staff = own_api.visitor(HOME)
    await come(own_api, manager, staff)
    answer = await offer.signs()
    assert answer.status_code == 200, answer.text

    assert [(flag or {})["act"] for flag in await flags(own_api, offer.client)] == ["signed"]
    detail = (await own_api.staff(manager).get(f"/api/manager/clients/{offer.client.id}")).json()
    assert [(one["code"], one["detail"].split(" ")[0]) for one in detail["warnings"]] == [("signed-device", "Договор")]
    assert detail["trail_broken"] is False
    async with own_api.sessions() as session:
        now = own_api.clock.now
        digest = await flags_between(session, offer.client.organisation_id, now - REMEMBERED, now + REMEMBERED)
    assert [(flag.client_id, flag.act) for flag in digest] == [(offer.client.id, "signed")]


async def test_staff_who_come_to_the_browser_of_a_signature_are_flagged_once(
    own_api: OwnApi, offer: Offer, manager: Manager
) -> None:
    await offer.sends_code()
    assert (await offer.signs()).status_code == 200
    own_api.clock.advance(timedelta(hours=3))
    browser = agent(own_api.visitor(OFFICE), "Firefox")
    browser.cookies.set(COOKIE, offer.anna.http.cookies[COOKIE])
    for _ in range(2):
        await come(own_api, manager, browser)

    expected = {"act": "staff-came", "reasons": ["browser"], "managers": [str(manager.id)]}
    assert await flags(own_api, offer.client) == [expected]


async def test_a_day_after_the_signature_nobody_is_flagged(own_api: OwnApi, offer: Offer, manager: Manager) -> None:
    await offer.sends_code()
    assert (await offer.signs()).status_code == 200
    own_api.clock.advance(REMEMBERED + timedelta(seconds=1))
    await come(own_api, manager, own_api.visitor(HOME))
    assert await flags(own_api, offer.client) == []


async def test_the_cookie_can_be_read_by_no_page(own_api: OwnApi, manager: Manager) -> None:
    http = own_api.visitor(OFFICE)
    answer = await http.post(
        "/api/auth/login", json={"email": manager.email, "password": PASSWORD}, headers={"X-Session": "cookie"}
    )
    [header] = [line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in header.split(";")}
    first = http.cookies[COOKIE]
    await come(own_api, manager, http)
    assert http.cookies[COOKIE] == first
