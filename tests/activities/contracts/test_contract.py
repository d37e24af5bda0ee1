"""The contract: numbered without gaps, frozen, rendered once, and void as soon as it is not what the card says."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from activities.clients.step import ClientStep
from documents.contracts.contract import render_contract
from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.refusal import WrongStep
from domain.onboarding.refusals import NotReady
from models import Client, ClientTariff, Contract, ContractCounter, Device
from tests.factories import BASIC, PASSPORT, make_client, make_passport, stored
from tests.onboarding_setup import CODE, EXECUTOR, OFFER, PROFILE, OnboardingSetup, as_client, refusal_of

VOID, SIGNED, SENT, DRAFT = ContractStatus.VOID, ContractStatus.SIGNED, ContractStatus.SENT, ContractStatus.DRAFT


async def prepared(onboarding: OnboardingSetup, surname: str = "Ёлкина") -> Client:
    """As `ready_client`, straight into the rows: for tests with many clients."""
    client = await make_client(
        onboarding.sessions, status=ClientStatus.IN_VERIFICATION, assigned_manager_id=onboarding.manager.id
    )
    await make_passport(onboarding.sessions, onboarding.keyring, client, last_name=surname)
    tariff = ClientTariff(
        client_id=client.id, name="Без тарифа", base_fee=0, extra_per_device=0, device_count=0, total_extra_fee=0
    )
    await stored(onboarding.sessions, tariff)
    return client


# Numbers.


async def test_a_number_is_the_surname_the_day_in_moscow_and_the_count_of_that_day(onboarding: OnboardingSetup) -> None:
    onboarding.clock.now = datetime(2026, 3, 2, 20, 59, tzinfo=UTC)
    numbers = [
        (await onboarding.draft(await prepared(onboarding, surname))).number for surname in ("Ёлкина", "Ельцин", "Ким")
    ]
    assert numbers == ["ЕЛ-260302-01", "ЕЛ-260302-02", "КИ-260302-01"]
    onboarding.clock.advance(timedelta(minutes=1))
    assert (await onboarding.draft(await prepared(onboarding))).number == "ЕЛ-260303-01"


async def test_ten_contracts_at_once_take_ten_numbers_in_a_row(onboarding: OnboardingSetup) -> None:
    clients = [await prepared(onboarding) for _ in range(10)]
    commands = [await onboarding.command(client, {}) for client in clients]
    await asyncio.gather(*(onboarding.contracts.draft_contract(command) for command in commands))
    numbers = sorted(contract.number for contract in await onboarding.rows(Contract))
    assert numbers == [f"ЕЛ-260302-{ordinal:02}" for ordinal in range(1, 11)]


async def test_a_step_that_failed_after_taking_a_number_leaves_no_gap(onboarding: OnboardingSetup) -> None:
    client, other = await prepared(onboarding), await prepared(onboarding)

    async def cut_off(step: ClientStep) -> None:
        await onboarding.contracts._draft(step)
        raise WrongStep("Отказ после того, как номер взят.")

    command = await onboarding.command(client, {})
    await refusal_of(lambda one: onboarding.steps.apply(one, cut_off), command)
    assert (await onboarding.draft(other)).number == "ЕЛ-260302-01"
    assert (await onboarding.contracts.draft_contract(command)).outcome.contract_id
    assert (await onboarding.contract(client)).number == "ЕЛ-260302-02"


async def test_the_hundredth_contract_of_a_day_has_a_number_too(onboarding: OnboardingSetup) -> None:
    first = await onboarding.draft(await prepared(onboarding))
    async with onboarding.sessions.begin() as session:
        counter = await session.get_one(ContractCounter, ("ЕЛ", date(2026, 3, 2)))
        counter.last = 99
    assert (await onboarding.draft(await prepared(onboarding))).number == "ЕЛ-260302-100"
    assert first.number == "ЕЛ-260302-01"


# What is frozen.


async def test_the_contract_freezes_what_the_card_says(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client(devices=2)
    contract = await onboarding.draft(client)
    snapshot = onboarding.snapshot_of(contract)
    assert (snapshot.number, snapshot.version, snapshot.day) == (contract.number, 1, date(2026, 3, 2))
    assert (snapshot.client_name, snapshot.client_phone) == ("Ёлкина Мария Петровна", PROFILE["phone"])
    assert (snapshot.client_email, snapshot.client_address) == (PROFILE["email"], PROFILE["address"])
    assert snapshot.executor == EXECUTOR
    assert snapshot.passport.issue_date == date(2015, 5, 20)
    assert [device.title for device in snapshot.devices] == ["ThinkPad", "ThinkPad"]
    assert set(snapshot.billed_devices) == {device.id for device in await onboarding.rows(Device)}
    assert snapshot.amount_due == contract.total_fee == snapshot.tariff.total_extra_fee
    assert snapshot.tariff.tariff_id == BASIC


async def test_without_a_saved_contact_the_clients_own_stands_in_the_contract(onboarding: OnboardingSetup) -> None:
    client = await prepared(onboarding)
    user, snapshot = await onboarding.user(client), onboarding.snapshot_of(await onboarding.draft(client))
    assert (snapshot.client_phone, snapshot.client_email) == (user.phone, user.email)
    assert snapshot.client_address == user.address


async def test_a_contract_without_a_middle_name_can_be_made(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    fields = {name: value for name, value in PASSPORT.items() if name != "middle_name"}
    await onboarding.do(onboarding.passports.save_passport, client, fields)
    await onboarding.apply_tariff(client, 0)
    assert onboarding.snapshot_of(await onboarding.draft(client)).client_name == "Ёлкина Мария"


async def test_nothing_is_drafted_before_passport_and_tariff_are_there(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.refused(NotReady, onboarding.contracts.draft_contract, client)
    await make_passport(onboarding.sessions, onboarding.keyring, client, issued_by=None)
    await onboarding.apply_tariff(client, 0)
    await onboarding.refused(NotReady, onboarding.contracts.draft_contract, client)
    assert await onboarding.rows(Contract) == []


async def test_a_contract_brings_a_client_in_verification_forward(onboarding: OnboardingSetup) -> None:
    client = await prepared(onboarding)
    applied = await onboarding.do(onboarding.contracts.draft_contract, client)
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


# The PDF.


async def test_the_stored_pdf_is_what_the_snapshot_gives_again(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    stored_pdf = await onboarding.storage.get(contract.file_key or "", 10**7)
    assert (hashlib.sha256(stored_pdf).hexdigest(), len(stored_pdf)) == (contract.sha256, contract.size)
    assert render_contract(onboarding.snapshot_of(contract)) == stored_pdf


async def test_a_pdf_cut_off_before_its_row_is_stored_again_as_it_was(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    contract = await onboarding.draft(client)
    key = f"contracts/{contract.id}.pdf"
    await onboarding.storage.put(key, b"%PDF-half", "application/pdf")
    await onboarding.rendering.store_contract(contract.id)
    row = await onboarding.contract(client)
    assert hashlib.sha256(await onboarding.storage.get(key, 10**7)).hexdigest() == row.sha256


# MessageSender.


async def test_sending_begins_the_offer_and_writes_the_first_code(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    applied = await onboarding.generate(client)
    contract = await onboarding.contract(client)
    assert (contract.status, contract.offer_started_at) == (SENT, onboarding.clock())
    assert contract.offer_expires_at == onboarding.clock() + OFFER
    assert (applied.outcome.sent, applied.outcome.contract_id) == (True, contract.id)
    assert applied.state.out_for_signature
    [message] = await onboarding.read_by_client(client)
    assert message.startswith(f"Договор {contract.number}, код подтверждения {CODE}.")


async def test_a_contract_that_was_drafted_and_not_sent_is_the_one_that_is_sent(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    contract = await onboarding.draft(client)
    applied = await onboarding.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert [one.status for one in await onboarding.versions(client)] == [SENT]


# Documents of other types.


@pytest.mark.parametrize(
    "document",
    [
        {"issue_code": None},
        {"document_type": "foreign_passport", "series": None, "number": "C01X00T47", "issue_code": None},
        {"document_type": "residence_permit", "series": "82", "number": "1234567", "issue_code": None},
    ],
    ids=["no code", "foreign", "residence permit"],
)
async def test_every_document_comes_to_a_signed_contract_and_its_certificate(
    onboarding: OnboardingSetup, document: dict[str, str | None]
) -> None:
    client = await onboarding.ready_client()
    await onboarding.do(onboarding.passports.save_passport, client, document)
    await onboarding.generate(client)
    contract = await onboarding.contract(client)
    frozen = onboarding.snapshot_of(contract).passport
    assert frozen.document_type == document.get("document_type", "passport_rf")
    assert frozen.issue_code is None
    await onboarding.sign(client, actor=as_client(client))
    await onboarding.seal_traces(client)
    await onboarding.certificates.certify_signature(client.id, contract.id)
    assert (await onboarding.contract(client)).certificate_key is not None
