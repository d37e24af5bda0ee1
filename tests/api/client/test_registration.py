"""Registration: one account, one card, one accession, one process; with Temporal or without."""

import asyncio
import json
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlmodel import func, select

from activities.kernel.limits import REGISTER_ADDRESS
from documents.contracts.agreement import published
from domain.clients.status import ClientStatus
from models import Accession, Client, Event, User, UserSession
from models.contracts.agreement import AgreedBy
from tests.api.own_api import AGENT, HOME, OwnApi, Person, open_api, settings_of, starting_now
from tests.factories import make_user
from workflows.onboarding.start import onboarding_id

ANNA = {
    "phone": "+7 (916) 555-01-02",
    "password": "ChangeMe123",
    "email": "Anna@Example.com",
    "name": " Анна  Ёлкина ",
    "address": "г. Москва, ул. Арбат, д. 1",
}


async def register(http: AsyncClient, **values: Any) -> Response:
    return await http.post("/api/v1/auth/register", json=ANNA | values)


async def count(own_api: OwnApi, table: type) -> int:
    async with own_api.sessions() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_who_registers_is_signed_in_and_reads_his_own_data(own_api: OwnApi) -> None:
    person = Person(own_api.visitor())
    answer = await register(person.http)
    assert answer.status_code == 201
    person.holds(answer.json())
    me = (await person.http.get("/api/v1/user/me")).json()
    assert set(me) == {
        *("id", "phone", "email", "name", "address", "has_subscription", "created_at"),
        *("phone_confirmed_at", "new_phone", "email_confirmed_at", "new_email"),
    }
    assert (me["phone_confirmed_at"], me["new_phone"], me["email_confirmed_at"], me["new_email"]) == (None,) * 4
    assert me | ANNA == me | ANNA | {"password": "ChangeMe123"}
    assert (me["phone"], me["email"], me["has_subscription"]) == ("9165550102", "Anna@example.com", False)
    assert me["created_at"].endswith(("Z", "+00:00"))
    both = (await person.http.get("/api/v1/me/")).json()
    assert both == me | {"tariff_name": None, "paid_until": None}
    assert (await person.http.get("/api/v1/me")).json() == both


async def test_the_client_appears_among_the_new_ones_and_can_be_searched_for(own_api: OwnApi) -> None:
    await register(own_api.visitor())
    async with own_api.sessions() as session:
        client = (await session.exec(select(Client))).one()
        events = await Event.of_client(session, client.id)
    assert (client.status, client.assigned_manager_id, client.support_ticket_id) == (ClientStatus.NEW, None, None)
    assert "елкина" in client.search_text
    assert "79165550102" in client.search_text
    assert [event.verb for event in events] == ["client-registered"]
    assert events[0].hash == events[0].link.hash(own_api.keyring) == client.events_head
    assert client.head.is_sound(own_api.keyring)


async def test_registering_is_accession_to_the_published_agreement(own_api: OwnApi) -> None:
    shown = (await own_api.visitor().get("/api/v1/agreements/pep")).json()
    await register(own_api.visitor())
    async with own_api.sessions() as session:
        agreed = (await session.exec(select(Accession))).one()
    assert shown == {"version": published().version, "sha256": published().sha256, "text": published().text}
    assert (agreed.agreed_by, agreed.version, agreed.sha256) == (
        AgreedBy.REGISTRATION,
        shown["version"],
        shown["sha256"],
    )
    assert (agreed.ip, agreed.user_agent, agreed.agreed_at) == (HOME, AGENT, own_api.clock.now)


async def test_the_process_begins_with_the_registration(own_api: OwnApi) -> None:
    await register(own_api.visitor())
    async with own_api.sessions() as session:
        client = (await session.exec(select(Client))).one()
    handle = own_api.context.temporal.get_workflow_handle(onboarding_id(client.id))
    assert (await handle.describe()).workflow_type == "OnboardingWorkflow"
    await handle.terminate()


async def test_ten_registrations_of_one_phone_at_once_are_one_account_for_who_repeats_himself(own_api: OwnApi) -> None:
    answers = await asyncio.gather(*(register(own_api.visitor()) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [201] * 10
    for table, rows in ((User, 1), (Client, 1), (Accession, 1), (UserSession, 10)):
        assert await count(own_api, table) == rows
    assert len({answer.json()["refresh_token"] for answer in answers}) == 10


async def test_of_ten_strangers_with_one_phone_one_has_it_and_the_others_wait_for_it(own_api: OwnApi) -> None:
    answers = await asyncio.gather(
        *(register(own_api.visitor(), password=f"зелёный чайник {n}") for n in range(100, 110))
    )
    assert [answer.status_code for answer in answers] == [201] * 10
    async with own_api.sessions() as session:
        users = (await session.exec(select(User))).all()
    held = sorted((user.phone or "", user.new_phone or "", user.email or "", user.new_email or "") for user in users)
    waiting = ("", "9165550102", "", "Anna@example.com")
    assert held == [waiting] * 9 + [("9165550102", "", "Anna@example.com", "")]
    assert await count(own_api, Client) == 10


async def test_passwords_are_not_guessed_by_registering_more_often_than_by_signing_in(own_api: OwnApi) -> None:
    await register(own_api.visitor())
    thief = own_api.visitor("198.51.100.7")
    wrong = [await register(thief, password=f"зелёный чайник {n}", email=None) for n in range(5)]
    login = [
        await thief.post("/api/v1/auth/login", json={"phone": ANNA["phone"], "password": f"чайник {n}"})
        for n in range(5)
    ]
    assert [answer.status_code for answer in wrong + login] == [201] * 5 + [401] * 5
    for answer in (
        await register(thief, email=None),
        await thief.post("/api/v1/auth/login", json={"phone": ANNA["phone"], "password": ANNA["password"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert await count(own_api, User) == 6
    assert (await register(thief, phone="9165550199", email=None)).status_code == 201


async def test_who_repeats_a_registration_is_not_let_into_an_account_that_is_blocked(own_api: OwnApi) -> None:
    await register(own_api.visitor())
    async with own_api.sessions.begin() as session:
        (await session.exec(select(User))).one().blocked_at = own_api.clock.now
    assert (await register(own_api.visitor())).status_code == 201
    assert await count(own_api, User) == 2


async def test_a_phone_that_somebody_has_confirmed_is_taken_and_nothing_is_made(own_api: OwnApi) -> None:
    await make_user(own_api.sessions, phone="9165550102")
    answer = await register(own_api.visitor())
    assert (answer.status_code, answer.json()["code"]) == (409, "phone-taken")
    assert await count(own_api, User) == 1


async def test_an_email_that_somebody_has_confirmed_is_taken_in_any_case_of_its_letters(own_api: OwnApi) -> None:
    await make_user(own_api.sessions, email="anna@EXAMPLE.com", email_confirmed_at=own_api.clock.now)
    answer = await register(own_api.visitor())
    assert (answer.status_code, answer.json()["code"]) == (409, "email-taken")


async def test_who_waits_for_a_number_signs_in_with_it_as_long_as_nobody_has_it(own_api: OwnApi) -> None:
    held = await make_user(own_api.sessions, phone="9165550102", phone_confirmed_at=None)
    login = {"phone": "9165550102", "password": "зелёный чайник 7"}
    assert (await register(own_api.visitor(), **login)).status_code == 201
    async with own_api.sessions.begin() as session:
        (await session.get_one(User, held.id)).phone = None
    assert (await own_api.visitor().post("/api/v1/auth/login", json=login)).status_code == 200


async def test_a_phone_that_the_older_product_stored_with_its_prefix_is_taken(own_api: OwnApi) -> None:
    await make_user(own_api.sessions, phone="+79165550102")
    assert (await register(own_api.visitor())).json()["code"] == "phone-taken"


async def test_only_phone_and_password_are_asked_for(own_api: OwnApi) -> None:
    answer = await own_api.visitor().post(
        "/api/v1/auth/register", json={"phone": "9165550102", "password": "осень-2041"}
    )
    assert answer.status_code == 201
    empty = await register(own_api.visitor(), phone="9165550103", email="", name="", address="")
    assert empty.status_code == 201
    assert (await register(own_api.visitor(), phone="9165550104", email=None, name=None)).status_code == 201


async def test_without_temporal_a_client_registers_and_waits_to_be_adopted(stack: Any, database_url: str) -> None:
    nobody = settings_of(stack, DATABASE_URL=database_url, TEMPORAL_ADDRESS="127.0.0.1:9")
    async with open_api(nobody, starting_now()) as own_api:
        assert (await register(own_api.visitor())).status_code == 201
        assert await count(own_api, Client) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12345"),
        ("phone", None),
        ("phone", 9165550102),
        ("phone", "९१६५५५०१०२"),
        ("password", "short12"),
        ("password", "12345678"),
        ("password", "P@ssw0rd"),
        ("password", "8 (916) 555-01-02"),
        ("password", "Ёлкина1985"),
        ("password", "Привет2026"),
        ("password", "x" * 129),
        ("password", "\ud800" * 10),
        ("password", 12345678),
        ("email", "nobody"),
        ("email", "a@b\0.ru"),
        ("name", "Анна\0"),
        ("name", "ы" * 201),
        ("name", {"first": "Анна"}),
        ("address", "ы" * 501),
    ],
)
async def test_a_value_that_cannot_be_kept_is_422_with_its_place(own_api: OwnApi, field: str, value: Any) -> None:
    body = json.dumps(ANNA | {field: value})
    answer = await own_api.visitor().post(
        "/api/v1/auth/register", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", field]]
    assert await count(own_api, User) == 0


async def test_an_address_registers_twenty_people_an_hour_and_no_more(own_api: OwnApi) -> None:
    async with own_api.visitor() as http:
        for _ in range(20):
            await own_api.context.limits.spend(REGISTER_ADDRESS, HOME)
        held = await register(http)
    assert held.status_code == 429
    assert int(held.headers["Retry-After"]) > 0
    assert (await register(own_api.visitor("198.51.100.9"))).status_code == 201
