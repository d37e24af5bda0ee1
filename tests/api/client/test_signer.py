"""A manager is not the client: whatever he does in both apps, he does not sign without the client's phone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient, Response
from sqlmodel import col, select

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from models import Client, Contract, Delivery, Manager, SupportMessage, User
from models.deliveries.delivery import LETTER
from models.support.ticket import BODY
from tests.api.own_api import OwnApi, Person, settings_of, starting_now
from tests.api.own_api import open_api as opened
from tests.factories import PASSWORD, make_contract, make_device, make_manager
from worker.parts import open_parts
from worker.queues import core_worker
from worker.subjects import activities_on
from workflows.kernel.names import CORE_QUEUE

FREE = "9165550177"
MINUTE = timedelta(minutes=1)


@dataclass
class Fraud:
    """The account that a manager has made under a free number, with a contract that waits for its signature."""

    own_api: OwnApi
    manager: Manager
    desk: AsyncClient
    phone: Person
    """The manager's session in the client's app."""
    client: Client
    contract: Contract

    async def asks_for_code(self) -> None:
        """At the desk; the pause between two codes is over."""
        self.own_api.clock.advance(MINUTE)
        path = f"/api/manager/clients/{self.client.id}/contract/request-otp"
        answer = await self.desk.post(path, json={})
        assert answer.status_code == 200, answer.text
        assert answer.json()["sent"]

    async def read_code(self, person: Person) -> str | None:
        """The digits, as far as the app of this session shows them."""
        for ticket in (await person.http.get("/api/v1/support/")).json():
            messages = (await person.http.get(f"/api/v1/support/{ticket['id']}/messages")).json()
            for message in reversed(messages):
                body = message["body"] or ""
                if "код подтверждения " in body:
                    digits = body.split("код подтверждения ")[1][:6]
                    return digits if digits.isdecimal() else None
        return None

    async def true_code(self) -> str:
        """The digits that the newest message holds, whoever may see them."""
        async with self.own_api.sessions() as session:
            query = select(SupportMessage).where(col(SupportMessage.body_sealed).is_not(None))
            newest = (await session.exec(query.order_by(col(SupportMessage.created_at).desc()))).first()
        assert newest is not None
        return str(self.own_api.unsealed(BODY, newest.body_sealed or b"")).split("код подтверждения ")[1][:6]

    async def signs(self, person: Person, code: str) -> Response:
        return await person.http.post(f"/api/v1/contracts/{self.contract.id}/sign", json={"otp_code": code})

    async def enters_at_the_desk(self, code: str) -> Response:
        path = f"/api/manager/clients/{self.client.id}/contract/confirm"
        return await self.desk.post(path, json={"otp_code": code})

    async def client_comes(self) -> Person:
        """The person whose number it is signs in and confirms it by the SMS that only he receives."""
        person = Person(self.own_api.visitor("198.51.100.20"))
        login = {"phone": FREE, "password": PASSWORD}
        person.holds((await person.http.post("/api/v1/auth/login", json=login)).json())
        assert (await person.http.post("/api/v1/auth/phone/code")).status_code == 202
        code = await self.sms()
        assert (await person.http.post("/api/v1/auth/phone/confirm", json={"code": code})).status_code == 204
        return person

    async def sms(self) -> str:
        async with self.own_api.sessions() as session:
            query = select(Delivery).where(col(Delivery.purpose) == "phone_code")
            row = (await session.exec(query.order_by(col(Delivery.created_at).desc()))).first()
        assert row is not None
        return str(self.own_api.unsealed(LETTER, row.letter)["text"])[:6]

    async def status(self) -> ContractStatus:
        async with self.own_api.sessions() as session:
            return (await session.get_one(Contract, self.contract.id)).status


async def begin(own_api: OwnApi) -> Fraud:
    """Before the workers start: the client's process reads these rows at its first step."""
    manager = await make_manager(own_api.sessions)
    phone = Person(own_api.visitor())
    registered = await phone.http.post(
        "/api/v1/auth/register", json={"phone": FREE, "password": PASSWORD, "name": "Пётр Неизвестный"}
    )
    assert registered.status_code == 201, registered.text
    phone.holds(registered.json())
    user_id = UUID((await phone.http.get("/api/v1/user/me")).json()["id"])
    now = own_api.clock.now
    async with own_api.sessions.begin() as session:
        client = await Client.of_user(session, user_id)
        assert client is not None
        client.sqlmodel_update(
            {"status": ClientStatus.AWAITING_CONTRACT, "assigned_manager_id": manager.id, "last_step_at": now}
        )
    await make_device(own_api.sessions, client)
    contract = await make_contract(
        own_api.sessions,
        own_api.keyring,
        client,
        offer_started_at=now,
        offer_expires_at=now + timedelta(hours=72),
        created_at=now,
    )
    return Fraud(own_api, manager, own_api.staff(manager), phone, client, contract)


def worked(own_api: OwnApi) -> Any:
    return open_parts(own_api.context.settings, own_api.clock)


@pytest.fixture
async def fraud(own_api: OwnApi) -> AsyncIterator[Fraud]:
    fraud = await begin(own_api)
    async with (
        worked(own_api) as parts,
        core_worker(parts.temporal, activities_on(CORE_QUEUE, parts)),
    ):
        await fraud.asks_for_code()
        yield fraud


def said(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


UNCONFIRMED = (409, "phone-unconfirmed")


async def test_the_manager_reads_a_code_in_the_account_he_made_and_cannot_sign_with_it_anywhere(fraud: Fraud) -> None:
    code = await fraud.read_code(fraud.phone)
    assert code == await fraud.true_code()
    assert said(await fraud.signs(fraud.phone, code)) == UNCONFIRMED
    assert said(await fraud.enters_at_the_desk(code)) == UNCONFIRMED
    assert await fraud.status() is ContractStatus.SENT


@pytest.mark.parametrize("code", ["000000", "", "abcdef"])
async def test_nothing_is_said_of_a_code_before_the_phone_is_confirmed(fraud: Fraud, code: str) -> None:
    right = await fraud.true_code()
    for digits in (right, code or "1"):
        assert said(await fraud.signs(fraud.phone, digits)) == UNCONFIRMED
        assert said(await fraud.enters_at_the_desk(digits)) == UNCONFIRMED
    fraud.own_api.clock.advance(11 * MINUTE)
    fraud.phone.holds((await fraud.phone.refreshes()).json())
    assert said(await fraud.signs(fraud.phone, right)) == UNCONFIRMED
    async with fraud.own_api.sessions() as session:
        assert (await session.get_one(Contract, fraud.contract.id)).wrong_tries == 0


async def test_the_card_says_from_the_first_step_that_nobody_has_confirmed_the_phone(fraud: Fraud) -> None:
    path = f"/api/manager/clients/{fraud.client.id}"
    shown = (await fraud.desk.get(path)).json()["user"]
    assert (shown["phone"], shown["phone_confirmed_at"], shown["phone_confirmed_by"]) == (FREE, None, None)
    listed = (await fraud.desk.get("/api/manager/clients", params={"tab": "mine"})).json()
    assert [one["phone_confirmed"] for one in listed] == [False]
    await fraud.client_comes()
    shown = (await fraud.desk.get(path)).json()["user"]
    assert shown["phone_confirmed_at"] is not None
    assert shown["phone_confirmed_by"] == "sms"


async def test_after_the_client_has_confirmed_elsewhere_the_known_password_signs_nothing(fraud: Fraud) -> None:
    old = await fraud.read_code(fraud.phone)
    assert old is not None
    client = await fraud.client_comes()
    assert await fraud.read_code(fraud.phone) is None, "the digits are masked in a session without proof"
    assert said(await fraud.signs(fraud.phone, old)) == UNCONFIRMED
    assert said(await fraud.enters_at_the_desk(old)) == (410, "otp-expired"), "it could be read by anybody"

    await fraud.asks_for_code()
    new = await fraud.true_code()
    assert await fraud.read_code(fraud.phone) is None
    assert await fraud.read_code(client) == new
    assert said(await fraud.signs(fraud.phone, new)) == UNCONFIRMED
    again = Person(fraud.own_api.visitor())
    again.holds((await again.http.post("/api/v1/auth/login", json={"phone": FREE, "password": PASSWORD})).json())
    assert await fraud.read_code(again) is None
    assert said(await fraud.signs(again, new)) == UNCONFIRMED
    assert await fraud.status() is ContractStatus.SENT
    answer = await fraud.signs(client, new)
    assert answer.status_code == 200, answer.text


async def test_the_known_password_lifts_no_bound_of_wrong_codes_and_the_client_does(fraud: Fraud) -> None:
    async def asks(person: Person) -> Response:
        fraud.own_api.clock.advance(MINUTE)
        return await person.http.post(f"/api/v1/contracts/{fraud.contract.id}/request-otp")

    person = await fraud.client_comes()
    async with fraud.own_api.sessions.begin() as session:
        (await session.get_one(Contract, fraud.contract.id)).wrong_tries = 30
    assert said(await asks(fraud.phone)) == UNCONFIRMED
    assert (await asks(person)).json()["sent"]
    code = await fraud.read_code(person)
    assert code is not None
    assert (await fraud.signs(person, code)).status_code == 200


async def test_a_code_of_before_the_confirmation_is_good_in_the_clients_own_session(fraud: Fraud) -> None:
    """A signature that was under way ends well: he confirms his phone and enters the code that he has."""
    client = await fraud.client_comes()
    assert (await fraud.signs(client, await fraud.true_code())).status_code == 200


async def test_a_session_keeps_its_proof_when_its_token_is_refreshed(fraud: Fraud) -> None:
    client = await fraud.client_comes()
    fraud.own_api.clock.advance(5 * MINUTE)
    client.holds((await client.refreshes()).json())
    assert (await fraud.signs(client, await fraud.true_code())).status_code == 200


async def test_on_the_managers_device_the_client_tells_a_code_that_came_after_the_confirmation(fraud: Fraud) -> None:
    client = await fraud.client_comes()
    await fraud.asks_for_code()
    code = await fraud.read_code(client)
    assert code is not None
    answer = await fraud.enters_at_the_desk(code)
    assert answer.status_code == 200, answer.text
    assert await fraud.status() is ContractStatus.SIGNED


async def test_the_manager_cannot_move_the_account_to_a_phone_of_his_own(fraud: Fraud) -> None:
    await fraud.client_comes()
    for path, body in (("PUT", {"phone": "9160000009"}), ("PUT", {"email": "thief@example.com"})):
        answer = await fraud.phone.http.request(path, "/api/v1/user", json=body)
        assert said(answer) == UNCONFIRMED
    async with fraud.own_api.sessions() as session:
        user = await session.get_one(User, fraud.client.user_id)
    assert (user.phone, user.new_phone, user.new_email) == (FREE, None, None)


async def test_a_phone_that_was_changed_is_unproven_in_every_other_session(fraud: Fraud) -> None:
    client, tablet = await fraud.client_comes(), Person(fraud.own_api.visitor())
    login = {"phone": FREE, "password": PASSWORD}
    tablet.holds((await tablet.http.post("/api/v1/auth/login", json=login)).json())
    await fraud.own_api.prove(tablet)
    assert (await client.http.put("/api/v1/user", json={"phone": "9165550178"})).status_code == 200
    assert await fraud.read_code(client) is not None, "until it is confirmed the old phone counts"
    fraud.own_api.clock.advance(MINUTE)
    assert (await client.http.post("/api/v1/auth/phone/code")).status_code == 202
    await client.http.post("/api/v1/auth/phone/confirm", json={"code": await fraud.sms()})
    assert await fraud.status() is ContractStatus.SENT
    assert said(await fraud.signs(tablet, await fraud.true_code())) in (UNCONFIRMED, (409, "contract-outdated"))
    assert await fraud.read_code(tablet) is None


async def test_the_switch_turns_both_gates_off(stack: Any, database_url: str) -> None:
    settings = settings_of(stack, DATABASE_URL=database_url, SIGNING_NEEDS_CONFIRMED_PHONE="false")
    async with opened(settings, starting_now()) as own_api:
        fraud = await begin(own_api)
        async with (
            worked(own_api) as parts,
            core_worker(parts.temporal, activities_on(CORE_QUEUE, parts)),
        ):
            await fraud.asks_for_code()
            code = await fraud.read_code(fraud.phone)
            assert code is not None
            assert (await fraud.signs(fraud.phone, code)).status_code == 200
