"""Twenty kills of six parts, and still one contract, one signature, one invoice and one message of each."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import WorkflowExecutionStatus

from domain.kernel.crypto import Keyring
from models import Client, Event
from models.kernel.database import connect, make_sessions
from tests.journeys import stored_data
from tests.journeys.http_callers import LAPTOP, PHONE, ClientApp, ManagerApp, passport
from tests.journeys.process_kills import Kill, Killer, plan
from tests.journeys.product import ANNA, PARTS, Product, eventually
from workflows.onboarding.start import onboarding_id

JOURNEYS, EACH = 4, 5
SEED = 20261
PLAN = plan(SEED, JOURNEYS, EACH)


def shown(kills: list[Kill]) -> str:
    return ",".join(f"{kill.part}@{kill.step}" for kill in kills)


def test_the_plan_kills_every_part_and_twenty_times() -> None:
    deaths = Counter(kill.part for kills in PLAN for kill in kills)
    assert deaths.total() == 20
    assert deaths.keys() == set(PARTS)
    assert min(deaths.values()) >= 2


@pytest.mark.timeout(420)
@pytest.mark.parametrize(
    ("number", "kills"),
    [
        pytest.param(number, kills, id=shown(kills), marks=pytest.mark.xdist_group(f"kills-{number // 3}"))
        for number, kills in enumerate(PLAN)
    ],
)
async def test_an_onboarding_goes_on_whatever_dies(product: Product, number: int, kills: list[Kill]) -> None:
    killer = Killer(product, kills)
    async with ManagerApp(product, companion=killer) as manager_app, ClientApp(product, companion=killer) as person:
        await manager_app.log_in(ANNA)
        await person.register(name="Мария Ёлкина")
        client_id = await manager_app.find(person.phone)
        await walk(manager_app, person, client_id, f"30000{number}")
        await killer.settled()
        assert killer.done == kills
        await is_certified(person)
        await is_over(product, client_id)
        await rows_are_single(product, person, client_id)
        await trail_is_whole(product, client_id)
        await workflow_never_failed(product, client_id)


async def walk(manager_app: ManagerApp, person: ClientApp, client_id: str, number: str) -> None:
    card_requests = manager_app.card_requests(client_id)
    await card_requests.profile(phone=person.phone, email="m@example.com", name="Мария Ёлкина", address="Тула")
    await card_requests.passport(passport(number))
    await card_requests.photograph("/passport/photo", "passport")
    laptop = await card_requests.add(LAPTOP, step="laptop")
    await card_requests.add(PHONE, step="phone")
    await card_requests.photograph(f"/devices/{laptop['id']}/photos", "device")
    await card_requests.tariff(2)
    made = await card_requests.generate()
    [code] = await person.codes()
    assert (await person.sign(made["contract_id"], code))["status"] == "signed"
    assert (await card_requests.pay())["status"] == "processed"
    due = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    await card_requests.bill(amount=10, description="Ещё", contract_number=made["contract_number"], due_date=due)
    card = await card_requests.pay(10, step="pay-again")
    assert (card["status"], card["next_step"]) == ("processed", "done")
    assert [len(device["photos"]) for device in card["devices"]] == [1, 0]


async def is_certified(person: ClientApp) -> None:
    async def certified() -> Any:
        [contract] = await person.get("/contracts")
        return contract["certificate_url"]

    await eventually(certified, "the certificate of the signature", 150)


async def is_over(product: Product, client_id: str) -> None:
    async def over() -> bool:
        return set(await stored_data.runs_of(product, client_id)) == {WorkflowExecutionStatus.COMPLETED}

    await eventually(over, "the workflow completes")


async def rows_are_single(product: Product, person: ClientApp, client_id: str) -> None:
    async def count(query: str) -> Any:
        return await product.value(f"SELECT count(*) FROM {query}", UUID(client_id))

    assert await count("manager_contracts WHERE client_id = $1") == 1
    assert await count("manager_contracts WHERE client_id = $1 AND status = 'signed' AND signature_hmac <> ''") == 1
    assert await count("manager_devices WHERE client_id = $1") == 2
    assert await count("manager_client_tariffs WHERE client_id = $1") == 1
    assert await count("manager_contract_codes WHERE client_id = $1 AND used_at IS NOT NULL") == 1
    assert await count("manager_contract_codes WHERE client_id = $1") == 1
    assert await count("manager_invoices WHERE client_id = $1 AND contract_id IS NOT NULL") == 1
    assert await count("manager_invoices WHERE client_id = $1 AND status = 'paid'") == 2
    assert await count("manager_invoices WHERE client_id = $1") == 2
    mine = "(SELECT user_id FROM manager_clients WHERE id = $1)"
    assert await count(f"manager_clients WHERE user_id = {mine}") == 1
    assert await count(f"users_passports WHERE user_id = {mine}") == 1
    assert await count(f"pep_agreements WHERE user_id = {mine}") == 1
    assert await count(f"support_tickets WHERE user_id = {mine}") == 1
    assert await product.value("SELECT count(*) FROM users WHERE phone = $1", person.phone) == 1
    left = "SELECT array_agg(caller || ' ' || route) FROM drafts WHERE applied_at IS NULL OR payload IS NOT NULL"
    assert await product.value(left) is None
    messages = await person.messages()
    assert len(messages) == 3
    assert len(await person.codes()) == 1
    assert [text.startswith("Выставлен счёт по договору ") for text in messages] == [False, True, True]


ONCE = {
    "client-registered": 1,
    "client-taken": 1,
    "profile-saved": 1,
    "passport-saved": 1,
    "passport-photo-added": 1,
    "device-added": 2,
    "device-photo-added": 1,
    "tariff-applied": 1,
    "contract-drafted": 1,
    "contract-sent": 1,
    "code-sent": 1,
    "code-delivered": 1,
    "phone-confirmed": 1,
    "contract-signed": 1,
    "signature-sealed": 1,
    "contract-certified": 1,
    "invoice-issued": 2,
    "payment-confirmed": 2,
}


async def trail_is_whole(product: Product, client_id: str) -> None:
    """Every event once, each with the hash of the one before it, the last one's kept on the card."""
    engine, keyring = (
        connect(product.stack.database_url, pool_size=1),
        Keyring.parse(product.stack.secrets["DATA_KEYS"]),
    )
    async with make_sessions(engine)() as session:
        events = await Event.of_client(session, UUID(client_id))
        client = (await session.exec(select(Client).where(col(Client.id) == UUID(client_id)))).one()
    await engine.dispose()
    assert Counter(event.verb for event in events) == ONCE
    previous = None
    for event in events:
        assert event.previous == previous
        assert event.hash == event.link.hash(keyring)
        previous = event.hash
    assert client.events_head == previous
    assert client.head.is_sound(keyring)


async def workflow_never_failed(product: Product, client_id: str) -> None:
    """No run ended badly, and no task of any failed but for a worker that was gone."""
    client = await stored_data.stranger(product)
    name = onboarding_id(UUID(client_id))
    for run in [one async for one in client.list_workflows(f'WorkflowId = "{name}"')]:
        for event in await stored_data.events_of(client, WorkflowExecution(workflow_id=name, run_id=run.run_id)):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                cause = event.workflow_task_failed_event_attributes.cause
                raise AssertionError(WorkflowTaskFailedCause.Name(cause))
