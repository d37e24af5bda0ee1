"""The contract: numbered without gaps, frozen, rendered once, and void as soon as it is not what the card says."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta

from activities.kernel.step import Step
from documents.contracts.contract import render_contract
from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.refusal import WrongStep
from domain.onboarding.refusals import NotReady
from models import Client, ClientTariff, Contract, ContractCounter, Device
from tests.activities.desk import (
    CODE,
    EXECUTOR,
    OFFER,
    PROFILE,
    Desk,
    refusal_of,
)
from tests.factories import BASIC, PASSPORT, make_client, make_passport, stored

VOID, SIGNED, SENT, DRAFT = ContractStatus.VOID, ContractStatus.SIGNED, ContractStatus.SENT, ContractStatus.DRAFT


async def prepared(desk: Desk, surname: str = "Ёлкина") -> Client:
    """As `ready_client`, straight into the rows: for tests with many clients."""
    client = await make_client(desk.sessions, status=ClientStatus.IN_VERIFICATION, assigned_manager_id=desk.manager.id)
    await make_passport(desk.sessions, desk.keyring, client, last_name=surname)
    tariff = ClientTariff(
        client_id=client.id, name="Без тарифа", base_fee=0, extra_per_device=0, device_count=0, total_extra_fee=0
    )
    await stored(desk.sessions, tariff)
    return client


# Numbers.


async def test_a_number_is_the_surname_the_day_in_moscow_and_the_count_of_that_day(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 2, 20, 59, tzinfo=UTC)
    numbers = [(await desk.draft(await prepared(desk, surname))).number for surname in ("Ёлкина", "Ельцин", "Ким")]
    assert numbers == ["ЕЛ-260302-01", "ЕЛ-260302-02", "КИ-260302-01"]
    desk.clock.advance(timedelta(minutes=1))
    assert (await desk.draft(await prepared(desk))).number == "ЕЛ-260303-01"


async def test_ten_contracts_at_once_take_ten_numbers_in_a_row(desk: Desk) -> None:
    clients = [await prepared(desk) for _ in range(10)]
    commands = [await desk.command(client, {}) for client in clients]
    await asyncio.gather(*(desk.contracts.draft_contract(command) for command in commands))
    numbers = sorted(contract.number for contract in await desk.rows(Contract))
    assert numbers == [f"ЕЛ-260302-{ordinal:02}" for ordinal in range(1, 11)]


async def test_a_step_that_failed_after_taking_a_number_leaves_no_gap(desk: Desk) -> None:
    client, other = await prepared(desk), await prepared(desk)

    async def cut_off(step: Step) -> None:
        await desk.contracts._draft(step)
        raise WrongStep("Отказ после того, как номер взят.")

    command = await desk.command(client, {})
    await refusal_of(lambda one: desk.steps.apply(one, cut_off), command)
    assert (await desk.draft(other)).number == "ЕЛ-260302-01"
    assert (await desk.contracts.draft_contract(command)).outcome.contract_id
    assert (await desk.contract(client)).number == "ЕЛ-260302-02"


async def test_the_hundredth_contract_of_a_day_has_a_number_too(desk: Desk) -> None:
    first = await desk.draft(await prepared(desk))
    async with desk.sessions.begin() as session:
        counter = await session.get_one(ContractCounter, ("ЕЛ", date(2026, 3, 2)))
        counter.last = 99
    assert (await desk.draft(await prepared(desk))).number == "ЕЛ-260302-100"
    assert first.number == "ЕЛ-260302-01"


# What is frozen.


async def test_the_contract_freezes_what_the_card_says(desk: Desk) -> None:
    client = await desk.ready_client(devices=2)
    contract = await desk.draft(client)
    snapshot = desk.snapshot_of(contract)
    assert (snapshot.number, snapshot.version, snapshot.day) == (contract.number, 1, date(2026, 3, 2))
    assert (snapshot.client_name, snapshot.client_phone) == ("Ёлкина Мария Петровна", PROFILE["phone"])
    assert (snapshot.client_email, snapshot.client_address) == (PROFILE["email"], PROFILE["address"])
    assert snapshot.executor == EXECUTOR
    assert snapshot.passport.issue_date == date(2015, 5, 20)
    assert [device.title for device in snapshot.devices] == ["ThinkPad", "ThinkPad"]
    assert set(snapshot.billed_devices) == {device.id for device in await desk.rows(Device)}
    assert snapshot.amount_due == contract.total_fee == snapshot.tariff.total_extra_fee
    assert snapshot.tariff.tariff_id == BASIC


async def test_without_a_saved_contact_the_clients_own_stands_in_the_contract(desk: Desk) -> None:
    client = await prepared(desk)
    user, snapshot = await desk.user(client), desk.snapshot_of(await desk.draft(client))
    assert (snapshot.client_phone, snapshot.client_email) == (user.phone, user.email)
    assert snapshot.client_address == user.address


async def test_a_contract_without_a_middle_name_can_be_made(desk: Desk) -> None:
    client = await desk.new_client()
    await desk.do(desk.onboarding.save_profile, client, PROFILE)
    fields = {name: value for name, value in PASSPORT.items() if name != "middle_name"}
    await desk.do(desk.passports.save_passport, client, fields)
    await desk.apply_tariff(client, 0)
    assert desk.snapshot_of(await desk.draft(client)).client_name == "Ёлкина Мария"


async def test_nothing_is_drafted_before_passport_and_tariff_are_there(desk: Desk) -> None:
    client = await desk.new_client()
    await desk.refused(NotReady, desk.contracts.draft_contract, client)
    await make_passport(desk.sessions, desk.keyring, client, issued_by=None)
    await desk.apply_tariff(client, 0)
    await desk.refused(NotReady, desk.contracts.draft_contract, client)
    assert await desk.rows(Contract) == []


async def test_a_contract_brings_a_client_in_verification_forward(desk: Desk) -> None:
    client = await prepared(desk)
    applied = await desk.do(desk.contracts.draft_contract, client)
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


# The PDF.


async def test_the_stored_pdf_is_what_the_snapshot_gives_again(desk: Desk) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    stored_pdf = await desk.storage.get(contract.file_key or "", 10**7)
    assert (hashlib.sha256(stored_pdf).hexdigest(), len(stored_pdf)) == (contract.sha256, contract.size)
    assert render_contract(desk.snapshot_of(contract)) == stored_pdf


async def test_a_pdf_cut_off_before_its_row_is_stored_again_as_it_was(desk: Desk) -> None:
    client = await desk.ready_client()
    contract = await desk.draft(client)
    key = f"contracts/{contract.id}.pdf"
    await desk.storage.put(key, b"%PDF-half", "application/pdf")
    await desk.rendering.store_contract(contract.id)
    row = await desk.contract(client)
    assert hashlib.sha256(await desk.storage.get(key, 10**7)).hexdigest() == row.sha256


# MessageSender.


async def test_sending_begins_the_offer_and_writes_the_first_code(desk: Desk) -> None:
    client = await desk.ready_client()
    applied = await desk.generate(client)
    contract = await desk.contract(client)
    assert (contract.status, contract.offer_started_at) == (SENT, desk.clock())
    assert contract.offer_expires_at == desk.clock() + OFFER
    assert (applied.outcome.sent, applied.outcome.contract_id) == (True, contract.id)
    assert applied.state.out_for_signature
    [message] = await desk.read_by_client(client)
    assert message.startswith(f"Договор {contract.number}, код подтверждения {CODE}.")


async def test_a_contract_that_was_drafted_and_not_sent_is_the_one_that_is_sent(desk: Desk) -> None:
    client = await desk.ready_client()
    contract = await desk.draft(client)
    applied = await desk.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert [one.status for one in await desk.versions(client)] == [SENT]
