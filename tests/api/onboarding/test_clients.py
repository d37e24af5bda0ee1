"""The managers' list: tabs, the quick search, pages."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.http.paging import write_cursor
from domain.clients.status import ClientStatus
from domain.kernel.search import search_text
from models import Client, User
from tests.api.onboarding_steps import CONFIRMED, PROFILE, at, good, number_of, passport
from tests.api.shared_api import Staff
from tests.clock import MONDAY_NOON

SUMMARY = {
    "id",
    "user_id",
    "name",
    "full_name",
    "phone",
    "email",
    "status",
    "assigned_manager_id",
    "support_ticket_id",
    "created_at",
    "updated_at",
    "devices_count",
    "registration_address",
    "phone_confirmed",
}


async def found(staff: Staff, **params: Any) -> list[str]:
    return [row["id"] for row in good(await staff.http.get("/api/manager/clients", params=params))]


async def test_each_tab_holds_what_its_name_says(staff: Staff) -> None:
    other = await staff.colleague()
    new = await staff.client()
    mine = await staff.client(assigned_manager_id=staff.manager.id, status=ClientStatus.IN_VERIFICATION)
    done = await staff.client(assigned_manager_id=staff.manager.id, status=ClientStatus.PROCESSED)
    released = await staff.client(status=ClientStatus.AWAITING_PAYMENT)
    await staff.client(assigned_manager_id=other.manager.id, status=ClientStatus.IN_VERIFICATION)
    await staff.client(assigned_manager_id=other.manager.id, status=ClientStatus.PROCESSED)
    await staff.client(status=ClientStatus.PROCESSED)
    expected = {
        "new": {str(new.id), str(released.id)},
        "in_work": {str(mine.id)},
        "processed": {str(done.id)},
        "mine": {str(mine.id), str(done.id)},
    }
    assert {tab: set(await found(staff, tab=tab)) for tab in expected} == expected
    assert set(await found(staff)) == expected["new"]
    await other.http.aclose()


async def test_a_row_shows_the_card_and_stands_alone_in_its_organisation(staff: Staff, anna: Staff) -> None:
    client = await staff.client()
    good(await staff.http.patch(at(client, "/profile"), json=PROFILE))
    good(await staff.http.put(at(client, "/passport"), json=passport(number_of(client))))
    good(await staff.http.post(at(client, "/devices"), json={"device_type": "ПК", "title": "Домашний"}))
    (row,) = good(await staff.http.get("/api/manager/clients/", params={"tab": "in_work"}))
    assert row.keys() == SUMMARY
    assert (row["name"], row["phone"], row["email"]) == (PROFILE["name"], PROFILE["phone"], PROFILE["email"])
    assert (row["full_name"], row["devices_count"]) == ("Ёлкина Мария Петровна", 1)
    assert row["registration_address"] == "г. Москва, ул. Арбат, д. 1, кв. 2"
    assert str(client.id) not in await found(anna, tab="in_work")


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("королёв", {"petr"}),
        ("КОРОЛЕВ", {"petr"}),
        ("Корлоёв", {"petr"}),
        ("Кародев", set()),
        ("каролев", {"petr"}),
        ("короле", {"petr"}),
        ("коррлев", {"petr"}),
        ("мария арбат", {"maria"}),
        ("арбат мария", {"maria"}),
        ("мария баумана", set()),
        ("+7 (900) 555-00-02", {"petr"}),
        ("89005550002", {"petr"}),
        ("55500", {"maria", "petr"}),
        ("9005550009", set()),
        ("maria@", {"maria"}),
        ("%", set()),
        ("_", set()),
        ("\\", set()),
        ("\x00", {"maria", "petr"}),
        ("   ", {"maria", "petr"}),
    ],
)
async def test_the_search_forgives_case_yo_and_one_slip(staff: Staff, query: str, who: set[str]) -> None:
    people = {
        "maria": ("Мария Соколова", "9005550001", "maria@example.ru", "г. Москва, ул. Арбат, д. 10"),
        "petr": ("Пётр Королёв", "9005550002", "petr@example.ru", "г. Казань, ул. Баумана, д. 44"),
    }
    ids = {}
    for name, parts in people.items():
        client = await staff.client(search_text=search_text(*parts))
        ids[str(client.id)] = name
    assert {ids[one] for one in await found(staff, q=query)} == who


async def test_what_was_found_as_typed_comes_before_what_was_nearly_found(staff: Staff) -> None:
    near = await staff.client(search_text="иванова", created_at=MONDAY_NOON + timedelta(days=1))
    exact = await staff.client(search_text="ивонова")
    assert await found(staff, q="ивонова") == [str(exact.id), str(near.id)]
    first = await staff.http.get("/api/manager/clients", params={"q": "ивонова", "limit": 1})
    second = await staff.http.get(first.links["next"]["url"])
    assert [row["id"] for row in good(second)] == [str(near.id)]


async def test_pages_follow_each_other_without_a_gap_or_a_double(staff: Staff) -> None:
    clients: list[Client] = []
    for number in range(7):
        clients.append(await staff.client(created_at=MONDAY_NOON + timedelta(hours=number // 2)))
    pages: list[list[str]] = []
    url: str | None = "/api/manager/clients?tab=new&limit=3"
    while url:
        answer = await staff.http.get(url)
        pages.append([row["id"] for row in good(answer)])
        url = answer.links.get("next", {}).get("url")
        if len(pages) == 1:
            await staff.client(created_at=MONDAY_NOON + timedelta(days=1))
    assert [len(page) for page in pages] == [3, 3, 1]
    newest_first = sorted(clients, key=lambda client: (client.created_at, client.id), reverse=True)
    assert [one for page in pages for one in page] == [str(client.id) for client in newest_first]


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "много"},
        {"tab": "all"},
        {"cursor": "%%%"},
        {"cursor": "W10="},
        {"cursor": "WzEsMiwzXQ=="},
        {"cursor": "WzAsIjAwMDEtMDEtMDFUMDA6MDA6MDAiLCJ4Il0="},
        {"cursor": write_cursor(0, "2026-01-01T00:00:00+00:00", 5)},
        {"cursor": write_cursor(0, "0001-01-01T00:00:00+14:00", UUID(int=1))},
        {"cursor": write_cursor(0, "9999-12-31T23:59:59-14:00", UUID(int=1))},
        {"q": "я" * 201},
    ],
)
async def test_a_list_refuses_what_it_cannot_read(staff: Staff, params: dict[str, Any]) -> None:
    answer = await staff.http.get("/api/manager/clients", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")


async def test_the_names_of_other_peoples_clients_are_not_searched(staff: Staff) -> None:
    other = await staff.colleague()
    await staff.client(search_text="королев", assigned_manager_id=other.manager.id, status=ClientStatus.IN_VERIFICATION)
    for tab in ("new", "in_work", "processed", "mine"):
        assert await found(staff, tab=tab, q="королев") == []
    await other.http.aclose()


async def test_the_card_shows_contact_data_of_its_own_once_it_has_some(staff: Staff) -> None:
    user = {"phone": "9990000123", "email": "own@example.ru", "name": "Сам", "address": "Свой адрес"}
    client = await staff.client(user=user)
    assert good(await staff.http.get(at(client)))["user"] == {"id": str(client.user_id), **user, **CONFIRMED}
    card = good(await staff.http.patch(at(client, "/profile"), json={"name": "Мария"}))
    assert card["user"] == {"id": str(client.user_id), **user, **CONFIRMED, "name": "Мария"}
    async with staff.api.sessions() as session:
        assert (await session.get_one(User, client.user_id)).name == "Сам"


async def test_a_card_of_the_old_product_is_saved_with_its_phone_in_our_form(staff: Staff) -> None:
    """Such a phone is longer than the card's column: as it is, the write could never end and would hold the client."""
    client = await staff.client(user={"phone": "+79990000124"})
    card = good(await staff.http.patch(at(client, "/profile"), json={"name": "Мария"}))
    assert (card["user"]["phone"], card["user"]["name"]) == ("9990000124", "Мария")


async def test_a_card_of_the_old_product_whose_phone_is_none_asks_for_one(staff: Staff) -> None:
    client = await staff.client(user={"phone": "нет телефона, только почта"})
    answer = await staff.http.patch(at(client, "/profile"), json={"name": "Мария"})
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "phone"])
