"""What a manager sees of the clients of a colleague, in the list and on every way to the card; and who is noted."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.clients.status import ClientStatus
from models import Client
from tests.api.onboarding_steps import DEVICE, PROFILE, at, fill, good, number_of, passport
from tests.api.shared_api import Staff, staff_of

SECRET = ("4510", "ОВД района Арбат", "770-001", "2015-05-20", "кв. 2")
"""Of the passport that `fill` saves, besides its number."""
NAMES = {"last_name": "Ёлкина", "first_name": "Мария", "middle_name": "Петровна"}


@pytest.fixture
def anna(staff: Staff) -> Staff:
    """In an organisation of her own, so that the team is who is in the test."""
    return staff


@pytest.fixture
async def operator(anna: Staff) -> AsyncIterator[Staff]:
    operator = await anna.colleague(is_super_admin=True)
    yield operator
    await operator.http.aclose()


@pytest.fixture
async def held(anna: Staff) -> Client:
    """Anna's, with a contract out for signature."""
    client = await anna.client()
    await fill(anna, client, tariff=None)
    good(await anna.http.post(at(client, "/contract/generate")))
    return client


def says_of_the_passport(text: str, client: Client) -> list[str]:
    return [word for word in (*SECRET, number_of(client)) if word in text]


async def readings(staff: Staff, client: Client) -> list[str | None]:
    """The names of those who are noted to have read the card, newest first."""
    history = good(await staff.http.get(at(client, "/history"), params={"limit": 200}))
    return [entry["actor"]["name"] for entry in history if entry["verb"] == "card-read"]


async def test_a_colleagues_card_says_of_the_passport_only_the_name(boris: Staff, held: Client) -> None:
    for prefix in ("/api/manager", "/api/master"):
        answer = await boris.http.get(f"{prefix}/clients/{held.id}")
        shown = good(answer)
        assert says_of_the_passport(answer.text, held) == []
        filled = {name: value for name, value in shown["passport"].items() if value is not None}
        assert filled.keys() - NAMES.keys() == {"id", "created_at", "updated_at"}
        assert NAMES.items() <= filled.items()
        assert (shown["contract"]["contract_url"], shown["devices"][0]["photos"]) == (None, [])


async def test_no_other_way_to_a_colleagues_card_tells_more(anna: Staff, boris: Staff, held: Client) -> None:
    contract = good(await anna.http.get(at(held, "/contracts")))[0]["id"]
    good(
        await anna.http.put(
            at(held, "/autosaves/passport"), json={"values": passport(number_of(held)), "version": None}
        )
    )
    etag = (await boris.http.get(at(held))).headers["ETag"]
    stale = {"If-Match": '"0"'}
    whole = {"scope": "team", "tab": "in_work", "include": "next_step"}
    answers = [
        await boris.http.get("/api/manager/clients", params=whole),
        await boris.http.get(at(held, "/history")),
        await boris.http.get(at(held, "/contracts")),
        await boris.http.get(at(held, f"/contracts/{contract}/pdf")),
        await boris.http.get(at(held, f"/contracts/{contract}/certificate")),
        await boris.http.get(at(held, "/autosaves")),
        await boris.http.put(at(held, "/autosaves/passport"), json={"values": {}, "version": None}),
        await boris.http.put(at(held, "/passport"), json=passport(number_of(held)), headers=stale),
        await boris.http.patch(at(held, "/passport"), json={"last_name": "Иванова"}, headers={"If-Match": etag}),
        await boris.http.post(at(held, "/passport/photo/upload-url"), json={"content_type": "image/png"}),
        await boris.http.patch(at(held, "/profile"), json=PROFILE),
        await boris.http.post(at(held, "/devices"), json=DEVICE),
        await boris.http.post(at(held, "/contract/generate")),
        await boris.http.post(at(held, "/contract/void"), json={"reason": "Просто так"}),
        await boris.http.post(at(held, "/payment/confirm")),
        await boris.http.post(at(held, "/release")),
    ]
    assert [answer.status_code for answer in answers] == [200] * 3 + [409] * 13
    for answer in answers:
        assert says_of_the_passport(answer.text.replace(PROFILE["address"], ""), held) == []
    assert await readings(anna, held) == [anna.manager.name], "only Anna's list of contracts"


async def test_the_operator_sees_all_and_is_noted(operator: Staff, held: Client) -> None:
    assert good(await operator.http.get(at(held)))["passport"]["number"] == number_of(held)
    assert await readings(operator, held) == [operator.manager.name]


async def test_every_paper_and_every_link_to_one_is_noted(anna: Staff, held: Client) -> None:
    (contract,) = good(await anna.http.get(at(held, "/contracts")))
    assert len(await readings(anna, held)) == 1
    assert (await anna.http.get(at(held, f"/contracts/{contract['id']}/pdf"))).status_code == 200
    assert len(await readings(anna, held)) == 2
    again = good(await anna.http.post(at(held, "/contract/generate")))
    assert again["contract_url"]
    assert len(await readings(anna, held)) == 3, "nothing new was made, so only this note says who has the link"


async def test_a_remembered_answer_is_not_for_who_has_lost_the_client(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    keyed = {"Idempotency-Key": "the-same"}
    whole = passport(number_of(client))

    async def save() -> Any:
        return await anna.http.put(at(client, "/passport"), json=whole, headers=keyed)

    async def generate() -> Any:
        return await anna.http.post(at(client, "/contract/generate"), headers=keyed)

    first = good(await save())
    assert good(await save()) == first
    assert len(await readings(anna, client)) == 1, "an answer that is given again is a reading"
    await fill(anna, client, tariff=None)
    assert good(await generate())["contract_url"]
    taken = good(await boris.http.post(at(client, "/take-over"), json={"reason": "Анна в отпуске"}))
    assert taken["passport"]["number"] == number_of(client)
    again = await save()
    assert good(again)["assigned_manager_id"] == str(boris.manager.id)
    assert says_of_the_passport(again.text.replace(PROFILE["address"], ""), client) == []
    again = good(await generate())
    assert (again["contract_url"], bool(again["contract_number"])) == (None, True)
    assert len(await readings(anna, client)) == 1


async def rows(staff: Staff, **params: Any) -> dict[str, Any]:
    return {row["id"]: row for row in good(await staff.http.get("/api/manager/clients", params=params))}


async def test_the_team_holds_what_all_in_the_organisation_hold(anna: Staff, boris: Staff) -> None:
    held = {"assigned_manager_id": anna.manager.id}
    new = await anna.client()
    mine = await anna.client(**held, status=ClientStatus.AWAITING_PAYMENT)
    done = await anna.client(**held, status=ClientStatus.PROCESSED)
    theirs = await anna.client(assigned_manager_id=boris.manager.id, status=ClientStatus.IN_VERIFICATION)
    adopted = await anna.client(status=ClientStatus.PROCESSED)
    other = await staff_of(anna.api)
    await other.client(assigned_manager_id=other.manager.id, status=ClientStatus.IN_VERIFICATION)
    await other.http.aclose()
    expected = {
        "new": [new],
        "in_work": [mine, theirs],
        "processed": [done, adopted],
        "mine": [theirs],
    }
    for tab, clients in expected.items():
        assert (await rows(boris, tab=tab, scope="team")).keys() == {str(client.id) for client in clients}
    counts = good(await boris.http.get("/api/manager/clients/counts", params={"scope": "team"}))
    assert counts == {tab: len(clients) for tab, clients in expected.items()}
    mine_only = good(await boris.http.get("/api/manager/clients/counts"))
    assert mine_only == {"new": 1, "in_work": 1, "processed": 0, "mine": 1}
    wrong = await boris.http.get("/api/manager/clients", params={"scope": "everybody"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-value")


async def test_a_colleagues_row_says_name_status_and_holder(anna: Staff, boris: Staff, operator: Staff) -> None:
    client = await anna.client()
    await fill(anna, client, tariff=None)
    (row,) = (await rows(boris, tab="in_work", scope="team")).values()
    assert (row["name"], row["full_name"]) == (PROFILE["name"], "Ёлкина Мария Петровна")
    assert (row["status"], row["assigned_manager_id"]) == ("awaiting_contract", str(anna.manager.id))
    assert (row["phone"], row["email"], row["registration_address"]) == (None, None, None)
    for whose in (anna, operator):
        (row,) = (await rows(whose, tab="in_work", scope="team")).values()
        assert row["registration_address"] == passport("")["registration_address"]
        assert (row["phone"], row["email"]) == (PROFILE["phone"], PROFILE["email"])


@pytest.mark.parametrize(
    ("query", "hers", "his"),
    [
        ("ёлкина", True, True),
        ("ЕЛКИНА мария", True, True),
        ("елкиан", True, True),
        ("89001234567", True, True),
        ("тула", True, True),
        ("кв. 2", True, False),
        ("арбат", True, False),
        ("4510", False, False),
        ("арбатская", False, False),
    ],
)
async def test_a_colleagues_client_is_not_found_by_his_passport(
    anna: Staff, boris: Staff, query: str, hers: bool, his: bool
) -> None:
    client = await anna.client()
    await fill(anna, client, tariff=None)
    good(await anna.http.patch(at(client, "/profile"), json={"address": "г. Тула, ул. Мира, д. 5"}))
    for staff, found in ((anna, hers), (boris, his)):
        listed = await rows(staff, tab="in_work", scope="team", q=query)
        assert (str(client.id) in listed) is found
        counts = good(await staff.http.get("/api/manager/clients/counts", params={"scope": "team", "q": query}))
        assert counts["in_work"] == int(found)


async def test_the_cards_address_stands_in_for_the_passports(anna: Staff) -> None:
    client = await anna.client(user={"address": "г. Тула, ул. Мира, д. 5"})
    assert (await rows(anna))[str(client.id)]["registration_address"] == "г. Тула, ул. Мира, д. 5"
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    good(await anna.http.put(at(client, "/passport"), json={"last_name": "Ёлкина"}))
    assert (await rows(anna, tab="mine"))[str(client.id)]["registration_address"] == PROFILE["address"]
    good(await anna.http.put(at(client, "/passport"), json=passport(number_of(client))))
    listed = await rows(anna, tab="mine")
    assert listed[str(client.id)]["registration_address"] == passport("")["registration_address"]


async def test_a_page_of_the_team_leads_to_the_next_one_of_the_team(anna: Staff, boris: Staff) -> None:
    for _ in range(3):
        await anna.client(assigned_manager_id=anna.manager.id, status=ClientStatus.IN_VERIFICATION)
    first = await boris.http.get("/api/manager/clients", params={"tab": "in_work", "scope": "team", "limit": 2})
    second = await boris.http.get(first.links["next"]["url"])
    assert [len(good(page)) for page in (first, second)] == [2, 1]
