"""The client signs in his own session, through his workflow."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from sqlmodel import select
from temporalio.service import RPCError

from activities.contracts.code import OTP
from domain.clients.status import ClientStatus
from domain.contracts.signature import ConfirmChannel
from domain.contracts.status import ContractStatus
from domain.people.one_time_code import hash_code
from models import Accession, Client, Code, Contract, Invoice, SupportMessage
from models.billing.invoice import InvoiceStatus
from models.contracts.agreement import AgreedBy
from models.support.ticket import BODY
from tests.api.own_api import AGENT, HOME, OwnApi, Person
from tests.factories import make_client, make_contract, make_device, make_invoice, make_manager, make_user, stored
from worker.parts import open_parts
from worker.queues import core_worker
from worker.subjects import activities_on
from workflows.kernel.names import CORE_QUEUE
from workflows.onboarding.start import onboarding_id

RIGHT, WRONG = "482913", "482914"
HOUR = timedelta(hours=1)


@dataclass
class Offer:
    """A contract that waits for the signature of a client who has his app at hand."""

    own_api: OwnApi
    anna: Person
    client: Client
    contract: Contract

    async def post(self, what: str, body: Any = None, **headers: str) -> Response:
        return await self.anna.http.post(f"/api/v1/contracts/{self.contract.id}/{what}", json=body, headers=headers)

    async def signs(self, code: str = RIGHT, **headers: str) -> Response:
        return await self.post("sign", {"otp_code": code}, **headers)

    async def sends_code(self, **values: Any) -> Code:
        """As if the manager had asked for it just now."""
        salt, document = secrets.token_bytes(16), self.contract.sha256 or ""
        code = Code(
            client_id=self.client.id,
            contract_id=self.contract.id,
            hash=hash_code(RIGHT, salt, self.own_api.keyring.subkey(OTP), document),
            salt=salt,
            key_id=self.own_api.keyring.current,
            document_sha256=document,
            sent_at=self.own_api.clock.now,
            expires_at=self.own_api.clock.now + timedelta(seconds=600),
            tries_left=5,
        )
        return await stored(self.own_api.sessions, code.sqlmodel_update(values))

    async def row(self) -> Contract:
        async with self.own_api.sessions() as session:
            return await session.get_one(Contract, self.contract.id)


@pytest.fixture
async def working(own_api: OwnApi) -> AsyncIterator[None]:
    """The worker of workflows and rows, on the site's database and by its clock."""
    async with (
        open_parts(own_api.context.settings, own_api.clock) as parts,
        core_worker(parts.temporal, activities_on(CORE_QUEUE, parts)),
    ):
        yield


@pytest.fixture
async def offer(own_api: OwnApi, working: None) -> AsyncIterator[Offer]:
    user = await make_user(own_api.sessions)
    manager = await make_manager(own_api.sessions)
    now = own_api.clock.now
    client = await make_client(own_api.sessions, user, manager, status=ClientStatus.AWAITING_CONTRACT, last_step_at=now)
    await make_device(own_api.sessions, client)
    contract = await make_contract(
        own_api.sessions,
        own_api.keyring,
        client,
        offer_started_at=now,
        offer_expires_at=now + 72 * HOUR,
        created_at=now,
    )
    yield Offer(own_api, await own_api.signs_in(user), client, contract)
    with suppress(RPCError):  # a client whom nobody wrote to has no workflow
        await own_api.context.temporal.get_workflow_handle(onboarding_id(client.id)).terminate()


def said(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_right_code_signs_with_the_clients_own_trace(offer: Offer) -> None:
    await offer.sends_code()
    answer = await offer.signs()
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert set(shown) == {
        "id", "contract_number", "version", "status", "contract_url", "certificate_url", "signed_at", "created_at"
    }  # fmt: skip
    assert (shown["id"], shown["status"], shown["certificate_url"]) == (str(offer.contract.id), "signed", None)
    assert shown["signed_at"] is not None
    row = await offer.row()
    assert (row.confirm_channel, row.signed_ip, row.signed_user_agent) == (ConfirmChannel.CLIENT_APP, HOME, AGENT)
    assert (row.entered_by_id, row.entered_by_ip, row.entered_by_user_agent) == (None, None, None)
    assert row.signature_hash == offer.contract.sha256
    invoices = (await offer.anna.http.get("/api/v1/invoices/my")).json()
    assert [(one["amount"], one["status"], one["contract_number"]) for one in invoices] == [
        (1000, "pending", offer.contract.number)
    ]


async def test_signing_without_an_earlier_accession_is_accession(offer: Offer) -> None:
    await offer.sends_code()
    await offer.signs()
    async with offer.own_api.sessions() as session:
        agreed = (await session.exec(select(Accession))).one()
    assert (agreed.agreed_by, agreed.ip, agreed.user_agent) == (AgreedBy.SIGNING, HOME, AGENT)
    assert (await offer.row()).pep_agreed_at == agreed.agreed_at


async def test_agreeing_twice_is_recorded_once(offer: Offer) -> None:
    for _ in range(2):
        answer = await offer.post("agree")
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "sent"
    async with offer.own_api.sessions() as session:
        agreed = (await session.exec(select(Accession))).one()
    assert (agreed.agreed_by, agreed.ip, agreed.user_agent) == (AgreedBy.CLIENT_APP, HOME, AGENT)


async def test_a_wrong_code_is_counted_and_five_lock_even_the_right_one(offer: Offer) -> None:
    await offer.sends_code()
    for left in (4, 3, 2, 1, 0):
        answer = await offer.signs(WRONG)
        assert said(answer) == (400, "otp-invalid")
        assert answer.json()["tries_left"] == left
    locked = await offer.signs(RIGHT)
    assert said(locked) == (429, "otp-locked")
    assert int(locked.headers["Retry-After"]) > 0
    assert (await offer.row()).status is ContractStatus.SENT


async def test_an_expired_code_is_410_before_its_value_is_looked_at(offer: Offer) -> None:
    await offer.sends_code(expires_at=offer.own_api.clock.now)
    for code in (RIGHT, WRONG, "not even a code"):
        assert said(await offer.signs(code)) == (410, "otp-expired")


async def test_thirty_signatures_at_once_with_one_key_are_one(offer: Offer) -> None:
    await offer.sends_code()
    answers = await asyncio.gather(*(offer.signs(**{"Idempotency-Key": "s-1"}) for _ in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    async with offer.own_api.sessions() as session:
        assert len((await session.exec(select(Invoice))).all()) == 1
    other = await offer.signs(WRONG, **{"Idempotency-Key": "s-1"})
    assert said(other) == (422, "idempotency-mismatch")
    assert said(await offer.signs()) == (409, "contract-signed")


async def test_the_client_himself_asks_for_a_new_code_and_lifts_the_locks(offer: Offer) -> None:
    async with offer.own_api.sessions.begin() as session:
        (await session.get_one(Contract, offer.contract.id)).wrong_tries = 30
    for hours in range(10):
        ago = offer.own_api.clock.now - timedelta(minutes=2 + hours)
        await offer.sends_code(sent_at=ago, expires_at=ago)
    assert said(await offer.signs()) == (429, "otp-locked")
    asked = await offer.post("request-otp")
    assert asked.status_code == 200, asked.text
    assert asked.json() == {"ok": True, "sent": True, "retry_after": 60}
    assert (await offer.post("request-otp")).json()["sent"] is False
    code = await read_code(offer)
    assert (await offer.signs(code)).status_code == 200


async def read_code(offer: Offer) -> str:
    """As the client reads it: in the chat, in his own session."""
    ticket = (await offer.anna.http.get("/api/v1/support/")).json()[0]
    chat = (await offer.anna.http.get(f"/api/v1/support/{ticket['id']}/messages")).json()
    body = str(chat[-1]["body"])
    start = f"Договор {offer.contract.number}, код подтверждения "
    assert body.startswith(start)
    async with offer.own_api.sessions() as session:
        row = (await session.exec(select(SupportMessage).where(SupportMessage.body_sealed != None))).one()  # noqa: E711
    assert row.body is not None
    assert body[len(start) :][:6] not in row.body
    assert row.body_sealed is not None
    assert offer.own_api.unsealed(BODY, row.body_sealed) == body
    return body[len(start) :][:6]


async def test_a_declined_contract_is_over(offer: Offer) -> None:
    await offer.sends_code()
    answer = await offer.post("decline", {"reason": "Передумал"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] in ("declined", "void")
    assert said(await offer.signs()) == (409, "contract-missing")
    assert said(await offer.post("request-otp")) == (409, "contract-missing")
    listed = (await offer.anna.http.get("/api/v1/contracts")).json()
    assert [one["status"] for one in listed] == [answer.json()["status"]]


async def test_a_code_is_asked_for_the_contract_that_is_meant_and_no_other(offer: Offer) -> None:
    void = await make_contract(offer.own_api.sessions, offer.own_api.keyring, offer.client, status=ContractStatus.VOID)
    for what, body in (("request-otp", None), ("sign", {"otp_code": RIGHT}), ("decline", {"reason": "Так"})):
        answer = await offer.anna.http.post(f"/api/v1/contracts/{void.id}/{what}", json=body)
        assert said(answer) == (409, "contract-missing")
    async with offer.own_api.sessions() as session:
        assert (await session.exec(select(Code))).all() == []
    assert (await offer.row()).status is ContractStatus.SENT


@pytest.mark.parametrize("what", ["sign", "decline", "agree", "request-otp"])
async def test_the_contract_of_somebody_else_is_not_there(offer: Offer, what: str) -> None:
    boris = await offer.own_api.signs_in(await make_user(offer.own_api.sessions))
    for body in ({"otp_code": RIGHT, "reason": "Так"}, {}, None):
        for contract_id in (offer.contract.id, uuid4()):
            answer = await boris.http.post(f"/api/v1/contracts/{contract_id}/{what}", json=body)
            assert said(answer) == (404, "not-found")
    assert (await boris.http.get(f"/api/v1/contracts/{offer.contract.id}")).status_code == 404
    assert (await boris.http.get("/api/v1/contracts")).json() == []
    assert (await offer.own_api.visitor().post(f"/api/v1/contracts/{offer.contract.id}/{what}")).status_code == 401


@pytest.mark.parametrize("code", [None, 482913, "", "1" * 33, "4829\ud800", ["482913"]])
async def test_what_cannot_be_a_code_is_422_and_no_try(offer: Offer, code: Any) -> None:
    await offer.sends_code()
    headers = {"Content-Type": "application/json"}
    path = f"/api/v1/contracts/{offer.contract.id}/sign"
    answer = await offer.anna.http.post(path, content=json.dumps({"otp_code": code}), headers=headers)
    assert said(answer) == (422, "invalid-value")
    assert (await offer.signs()).status_code == 200


async def test_contracts_are_listed_newest_first_and_a_draft_has_no_link(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions)
    client, anna = await make_client(own_api.sessions, user), await own_api.signs_in(user)
    void = await make_contract(own_api.sessions, own_api.keyring, client, status=ContractStatus.VOID)
    draft = await make_contract(
        own_api.sessions, own_api.keyring, client, status=ContractStatus.DRAFT, file_key=None, sha256=None
    )
    listed = (await anna.http.get("/api/v1/contracts")).json()
    assert [one["id"] for one in listed] == [str(draft.id), str(void.id)]
    assert listed[0]["contract_url"] is None
    assert listed[1]["contract_url"].startswith("http")
    assert [one["id"] for one in (await anna.http.get("/api/v1/contracts?limit=1")).json()] == [str(draft.id)]
    assert (await anna.http.get(f"/api/v1/contracts/{void.id}")).json()["status"] == "void"


async def test_invoices_show_what_is_open_and_on_request_what_is_settled(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions)
    anna = await own_api.signs_in(user)
    contract = await make_contract(own_api.sessions, own_api.keyring, await make_client(own_api.sessions, user))
    for minute, status in enumerate(InvoiceStatus):
        at = own_api.clock.now + timedelta(minutes=minute)
        await make_invoice(own_api.sessions, contract, status=status, created_at=at, amount=100_050)
    found = (await anna.http.get("/api/v1/invoices/my")).json()
    assert [one["status"] for one in found] == ["overdue", "pending"]
    assert set(found[0]) == {"id", "amount", "description", "contract_number", "due_date", "status", "created_at"}
    assert (found[0]["amount"], found[0]["due_date"]) == (1000.5, "2026-03-07")
    everything = (await anna.http.get("/api/v1/invoices/my?include_paid=true")).json()
    assert [one["status"] for one in everything] == ["canceled", "overdue", "paid", "pending"]
    boris = await own_api.signs_in(await make_user(own_api.sessions))
    assert (await boris.http.get("/api/v1/invoices/my?include_paid=true")).json() == []
