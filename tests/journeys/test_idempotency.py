"""Thirty identical writes at once are one; two managers at once are not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.http_callers import LAPTOP, PHONE, CardRequests, ClientApp, ManagerApp, good, passport, refused
from tests.journeys.product import BORIS, Product

pytestmark = pytest.mark.xdist_group("journeys")

MANY = 30
_numbers = count(200_001)


@dataclass(frozen=True)
class Case:
    """A client of Anna's, and his own app."""

    person: ClientApp
    card_requests: CardRequests
    id: str

    async def fill(self) -> None:
        await self.card_requests.profile(
            phone=self.person.phone, email="p@example.com", name="Пётр Ёлкин", address="Тула"
        )
        await self.card_requests.passport(passport(str(next(_numbers))))

    async def sign(self) -> Any:
        await self.fill()
        await self.card_requests.add(LAPTOP)
        await self.card_requests.tariff(1)
        made = await self.card_requests.generate()
        await self.card_requests.confirm((await self.person.codes())[-1])
        return made

    async def verbs(self) -> list[str]:
        """The trail of the client, oldest first."""
        rows = await self.card_requests.manager_app.product.rows(
            "SELECT verb FROM audit_events WHERE client_id = $1::text::uuid ORDER BY seq", self.id
        )
        return [row["verb"] for row in rows]


@pytest.fixture
async def case(product: Product, manager_app: ManagerApp) -> AsyncIterator[Case]:
    async with ClientApp(product) as person:
        await person.register(name="Пётр Ёлкин")
        client_id = await manager_app.find(person.phone)
        yield Case(person, manager_app.card_requests(client_id), client_id)


async def at_once(case: Case, path: str, body: object, key: str) -> httpx.Response:
    """Many identical requests, none of them repeated by its caller; the one answer that all of them got."""
    http, whole = case.card_requests.manager_app.http, case.card_requests.path + path
    headers = {"Idempotency-Key": key}
    answers = await asyncio.gather(*(http.post(whole, json=body, headers=headers) for _ in range(MANY)))
    assert {answer.status_code for answer in answers} == {200}, {answer.text for answer in answers}
    [_] = {answer.content for answer in answers}
    later = await http.post(whole, json=body, headers=headers)
    assert later.content == answers[0].content
    return later


async def is_another(case: Case, path: str, body: object, key: str) -> None:
    answer = await case.card_requests.ask("POST", path, body, key=key)
    refused(answer, 422, "idempotency-mismatch")


async def test_thirty_requests_to_add_a_device_add_one(case: Case) -> None:
    key = str(uuid4())
    device = good(await at_once(case, "/devices", LAPTOP, key))
    assert [one["id"] for one in (await case.card_requests.card())["devices"]] == [device["id"]]
    await is_another(case, "/devices", PHONE, key)
    assert (await case.verbs()).count("device-added") == 1
    other = await case.card_requests.add(LAPTOP, key=str(uuid4()))
    assert other["id"] != device["id"]


async def test_thirty_requests_to_generate_make_one_contract_and_send_one_code(
    product: Product, manager_app: ManagerApp, case: Case
) -> None:
    await case.fill()
    await case.card_requests.tariff(0)
    key = str(uuid4())
    made = good(await at_once(case, "/contract/generate", None, key))
    assert len(await case.person.codes()) == 1
    assert [one["id"] for one in await case.person.get("/contracts")] == [made["contract_id"]]
    assert (await case.verbs()).count("contract-drafted") == 1
    async with ClientApp(product) as another:
        await another.register(name="Другой")
        other = manager_app.card_requests(await manager_app.find(another.phone))
        refused(await other.ask("POST", "/contract/generate", key=key), 422, "idempotency-mismatch")


async def test_thirty_confirmations_of_a_payment_pay_one_invoice(case: Case) -> None:
    made = await case.sign()
    due = {"due_date": (datetime.now(UTC) + timedelta(days=9)).date().isoformat()}
    await case.card_requests.bill(amount=10, description="Ещё", contract_number=made["contract_number"], **due)
    key = str(uuid4())
    card = good(await at_once(case, "/payment/confirm", {"amount": 1500.5}, key))
    assert card["status"] == "processed"
    await is_another(case, "/payment/confirm", {"amount": 10}, key)
    assert sorted(one["status"] for one in (await case.card_requests.card())["invoices"]) == ["paid", "pending"]
    assert (await case.verbs()).count("payment-confirmed") == 1


async def test_thirty_bills_are_one_invoice_and_one_message(case: Case) -> None:
    made = await case.sign()
    due = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    bill = {"amount": 10, "description": "Ещё", "contract_number": made["contract_number"], "due_date": due}
    before = len(await case.person.messages())
    key = str(uuid4())
    card = good(await at_once(case, "/billing/notify", bill, key))
    assert len(card["invoices"]) == 2
    assert len(await case.person.messages()) == before + 1
    await is_another(case, "/billing/notify", {**bill, "amount": 11}, key)
    assert len((await case.card_requests.card())["invoices"]) == 2


async def test_a_refusal_is_not_remembered_under_its_key(case: Case) -> None:
    key = str(uuid4())
    refused(await case.card_requests.ask("POST", "/contract/generate", key=key), 409, "not-ready")
    refused(await case.card_requests.ask("POST", "/payment/confirm", key=key), 409, "not-signed")
    await case.fill()
    await case.card_requests.add(LAPTOP)
    await case.card_requests.tariff(1)
    made = await case.card_requests.generate(key=key)
    code = (await case.person.codes())[-1]
    wrong = {"otp_code": f"{(int(code) + 1) % 10**6:06}"}
    for left in (4, 3):
        answer = await case.card_requests.ask("POST", "/contract/confirm", wrong, key=key)
        assert refused(answer, 400, "otp-invalid")["tries_left"] == left
    good(await case.card_requests.ask("POST", "/contract/confirm", {"otp_code": code}, key=key))
    card = good(await case.card_requests.ask("POST", "/payment/confirm", key=key))
    assert (card["status"], card["contract"]["contract_number"]) == ("processed", made["contract_number"])


@pytest.mark.parametrize("round_", range(5))
async def test_of_two_managers_who_take_a_client_at_once_one_wins(product: Product, case: Case, round_: int) -> None:
    async with ManagerApp(product) as other:
        await other.log_in(BORIS)
        offices = {"Анна": case.card_requests.manager_app, "Борис": other}
        mine = {name: str((await manager_app.get("/auth/me"))["id"]) for name, manager_app in offices.items()}
        order = list(offices) if round_ % 2 else list(reversed(offices))
        answers = dict(
            zip(
                order,
                await asyncio.gather(
                    *(
                        offices[name]
                        .card_requests(case.id)
                        .ask("PATCH", "/profile", {"phone": case.person.phone, "name": name, "email": "x@example.com"})
                        for name in order
                    )
                ),
                strict=True,
            )
        )
        [winner] = [name for name, answer in answers.items() if answer.status_code == 200]
        [loser] = [name for name in answers if name != winner]
        refused(answers[loser], 409, "client-taken")
        card = await offices[winner].card_requests(case.id).card()
        assert (card["assigned_manager_id"], card["user"]["name"]) == (mine[winner], winner)
        assert (await case.verbs()).count("client-taken") == 1
        refused(await offices[loser].card_requests(case.id).ask("POST", "/release"), 409, "client-taken")
