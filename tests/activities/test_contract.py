"""The contract: numbered without gaps, frozen, rendered once, and void as soon as it is not what the card says."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from activities.command import Applied
from activities.step import Step
from documents.contract import render_contract
from domain import onboarding as rules
from domain.contract import ContractSnapshot, from_json
from domain.errors import ContractOutdated, NotReady, WrongStep
from domain.onboarding import ContractStatus, Status
from models import Client, ClientTariff, Contract, ContractCounter, Device, ManagerMessage, PepAgreement
from models.agreement import AgreedBy
from models.columns import unseal
from models.contract import REASON, SNAPSHOT
from tests.activities.desk import (
    CODE,
    DEVICE,
    EXECUTOR,
    OFFER,
    ORIGIN,
    PROFILE,
    Desk,
    as_client,
    as_manager,
    refusal_of,
)
from tests.activities.rows import dump
from tests.factories import BASIC, FREE, PASSPORT, make_client, make_manager, make_passport, stored

VOID, SIGNED, SENT, DRAFT = ContractStatus.VOID, ContractStatus.SIGNED, ContractStatus.SENT, ContractStatus.DRAFT


async def prepared(desk: Desk, surname: str = "Ёлкина") -> Client:
    """As `ready_client`, straight into the rows: for tests with many clients."""
    client = await make_client(desk.sessions, status=Status.IN_VERIFICATION, assigned_manager_id=desk.manager.id)
    await make_passport(desk.sessions, desk.keyring, client, last_name=surname)
    tariff = ClientTariff(
        client_id=client.id, name="Без тарифа", base_fee=0, extra_per_device=0, device_count=0, total_extra_fee=0
    )
    await stored(desk.sessions, tariff)
    return client


def snapshot_of(desk: Desk, contract: Contract) -> ContractSnapshot:
    return from_json(desk.keyring.decrypt(SNAPSHOT, contract.snapshot))


async def draft(desk: Desk, client: Client) -> Contract:
    applied = await desk.do(desk.contracts.draft_contract, client)
    assert applied.outcome.contract_id is not None
    return await desk.row(Contract, applied.outcome.contract_id)


# Numbers.


async def test_a_number_is_the_surname_the_day_in_moscow_and_the_count_of_that_day(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 2, 20, 59, tzinfo=UTC)
    numbers = [(await draft(desk, await prepared(desk, surname))).number for surname in ("Ёлкина", "Ельцин", "Ким")]
    assert numbers == ["ЕЛ-260302-01", "ЕЛ-260302-02", "КИ-260302-01"]
    desk.clock.advance(timedelta(minutes=1))
    assert (await draft(desk, await prepared(desk))).number == "ЕЛ-260303-01"


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
    assert (await draft(desk, other)).number == "ЕЛ-260302-01"
    assert (await desk.contracts.draft_contract(command)).outcome.contract_id
    assert (await desk.contract(client)).number == "ЕЛ-260302-02"


async def test_the_hundredth_contract_of_a_day_has_a_number_too(desk: Desk) -> None:
    first = await draft(desk, await prepared(desk))
    async with desk.sessions.begin() as session:
        counter = await session.get_one(ContractCounter, ("ЕЛ", date(2026, 3, 2)))
        counter.last = 99
    assert (await draft(desk, await prepared(desk))).number == "ЕЛ-260302-100"
    assert first.number == "ЕЛ-260302-01"


# What is frozen.


async def test_the_contract_freezes_what_the_card_says(desk: Desk) -> None:
    client = await desk.ready_client(devices=2)
    contract = await draft(desk, client)
    snapshot = snapshot_of(desk, contract)
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
    user, snapshot = await desk.user(client), snapshot_of(desk, await draft(desk, client))
    assert (snapshot.client_phone, snapshot.client_email) == (user.phone, user.email)
    assert snapshot.client_address == user.address


async def test_a_contract_without_a_middle_name_can_be_made(desk: Desk) -> None:
    client = await desk.new_client()
    await desk.do(desk.onboarding.save_profile, client, PROFILE)
    fields = {name: value for name, value in PASSPORT.items() if name != "middle_name"}
    await desk.do(desk.passports.save_passport, client, fields)
    await desk.apply_tariff(client, 0)
    assert snapshot_of(desk, await draft(desk, client)).client_name == "Ёлкина Мария"


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
    assert applied.state.status is Status.AWAITING_CONTRACT


# The PDF.


async def test_the_stored_pdf_is_what_the_snapshot_gives_again(desk: Desk) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    stored_pdf = await desk.storage.get(contract.file_key or "", 10**7)
    assert (hashlib.sha256(stored_pdf).hexdigest(), len(stored_pdf)) == (contract.sha256, contract.size)
    assert render_contract(snapshot_of(desk, contract)) == stored_pdf


async def test_a_pdf_cut_off_before_its_row_is_stored_again_as_it_was(desk: Desk) -> None:
    client = await desk.ready_client()
    contract = await draft(desk, client)
    key = f"contracts/{contract.id}.pdf"
    await desk.storage.put(key, b"%PDF-half", "application/pdf")
    await desk.rendering.store_contract(contract.id)
    row = await desk.contract(client)
    assert hashlib.sha256(await desk.storage.get(key, 10**7)).hexdigest() == row.sha256


# Sending.


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
    contract = await draft(desk, client)
    applied = await desk.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert [one.status for one in await desk.versions(client)] == [SENT]


# Generating again.


async def test_with_nothing_changed_the_same_contract_comes_back_and_nothing_is_sent(desk: Desk) -> None:
    client = await desk.offered()
    contract, messages = await desk.contract(client), await desk.messages(client)
    desk.clock.advance(timedelta(hours=2))
    applied = await desk.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert await desk.messages(client) == messages
    assert len(await desk.versions(client)) == 1


async def test_a_change_makes_the_code_useless_at_once(desk: Desk) -> None:
    client = await desk.offered()
    applied = await desk.do(desk.devices.add_device, client, DEVICE)
    with pytest.raises(ContractOutdated):
        rules.may_sign(applied.state, as_client(client))
    await desk.wrong(client, ContractOutdated, CODE)
    await desk.refused(ContractOutdated, desk.codes.request_code, client, actor=as_client(client))


async def test_after_a_change_the_next_version_takes_the_next_number_and_voids_the_unsigned_one(desk: Desk) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    applied = await desk.generate(client)
    first, second = await desk.versions(client)
    assert (first.status, first.voided_at) == (VOID, desk.clock())
    assert (second.status, second.version, second.number) == (SENT, 2, "ЕЛ-260302-02")
    assert applied.outcome.contract_id == second.id
    assert second.total_fee == 2 * first.total_fee
    assert (await desk.verbs(client)).count("contract-voided") == 1


async def test_a_new_versions_first_code_is_not_held_by_the_cool_down(desk: Desk) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    applied = await desk.generate(client)
    assert applied.outcome.sent is True
    assert len(await desk.messages(client)) == 2


async def test_changed_and_changed_back_is_nothing_changed(desk: Desk) -> None:
    client = await desk.offered()
    for address in ("г. Тверь", PROFILE["address"]):
        await desk.do(desk.onboarding.save_profile, client, {**PROFILE, "address": address})
    applied = await desk.generate(client)
    assert len(await desk.versions(client)) == len(await desk.messages(client)) == 1
    assert applied.state.out_for_signature
    await desk.sign(client)


async def test_an_unsigned_contract_locks_nothing(desk: Desk) -> None:
    client = await desk.offered()
    await desk.do(desk.onboarding.save_profile, client, {**PROFILE, "name": "Другая"})
    await desk.do(desk.passports.save_passport, client, {"first_name": "Анна"})
    [device] = await desk.rows(Device)
    await desk.do(desk.devices.remove_device, client, {"device_id": str(device.id)})
    applied = await desk.apply_tariff(client, 0, FREE)
    assert applied.state.status is Status.AWAITING_CONTRACT


async def test_a_signed_contract_comes_back_whatever_changes_but_new_devices(desk: Desk) -> None:
    client = await desk.signed()
    await desk.do(desk.passports.save_passport, client, {"issued_by": "УВД Твери"})
    contract = await desk.contract(client)
    applied = await desk.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert [one.status for one in await desk.versions(client)] == [SIGNED]


async def test_a_signed_contract_is_kept_for_ever(desk: Desk) -> None:
    client = await desk.signed()
    contract = await desk.contract(client)
    with pytest.raises(IntegrityError, match="what was signed does not change"):
        async with desk.sessions.begin() as session:
            (await session.get_one(Contract, contract.id)).total_fee = 1
    with pytest.raises(IntegrityError):
        async with desk.sessions.begin() as session:
            await session.delete(await session.get_one(Contract, contract.id))


# Amendments.


async def test_an_amendment_bills_only_the_new_devices(desk: Desk) -> None:
    client = await desk.signed(devices=2)
    await desk.do(desk.devices.add_device, client, {**DEVICE, "title": "Новый", "extra_fee": 70_000})
    await desk.generate(client)
    main, amendment = await desk.versions(client)
    snapshot = snapshot_of(desk, amendment)
    assert (amendment.amendment_of_id, snapshot.amendment_of) == (main.id, main.number)
    assert (amendment.number, amendment.version) == ("ЕЛ-260302-02", 2)
    assert len(snapshot.devices) == 3
    assert [device.title for device in snapshot.billed] == ["Новый"]
    assert amendment.total_fee == 70_000
    applied = await desk.sign(client)
    assert applied.state.status is Status.AWAITING_PAYMENT
    assert [invoice.amount for invoice in await desk.bills(client)] == [main.total_fee, 70_000]
    covered = {device.title: device.covered_by_id for device in await desk.rows(Device)}
    assert covered == {"ThinkPad": main.id, "Новый": amendment.id}


async def test_the_next_amendment_amends_the_newest_signed_one(desk: Desk) -> None:
    client = await desk.signed()
    for _ in range(2):
        await desk.do(desk.devices.add_device, client, DEVICE)
        await desk.generate(client)
        await desk.sign(client)
    first, second, third = await desk.versions(client)
    assert (second.amendment_of_id, third.amendment_of_id) == (first.id, second.id)
    assert first.total_fee == second.total_fee == third.total_fee


async def test_a_changed_amendment_voids_itself_and_not_what_was_signed(desk: Desk) -> None:
    client = await desk.signed()
    for _ in range(2):
        await desk.do(desk.devices.add_device, client, DEVICE)
        await desk.generate(client)
    assert [one.status for one in await desk.versions(client)] == [SIGNED, VOID, SENT]


# Void and declined.


async def test_a_void_contract_leaves_the_card_editable_and_tells_the_client(desk: Desk) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    applied = await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка в адресе"})
    assert applied.state.contract is None
    assert applied.state.status is Status.AWAITING_CONTRACT
    row = await desk.row(Contract, contract.id)
    assert (row.status, row.voided_at) == (VOID, desk.clock())
    assert unseal(desk.keyring, REASON, row.void_reason or b"") == "Ошибка в адресе"
    assert f"Договор {contract.number} аннулирован. Подписывать его не нужно." in await desk.messages(client)


async def test_a_contract_that_was_never_sent_is_void_in_silence(desk: Desk) -> None:
    client = await desk.ready_client()
    await draft(desk, client)
    await desk.do(desk.contracts.void_contract, client, {"reason": "Передумали"})
    assert (await desk.card(client)).support_ticket_id is None


async def test_after_a_void_contract_the_next_one_is_made_even_with_nothing_changed(desk: Desk) -> None:
    client = await desk.offered()
    await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка"})
    await desk.generate(client)
    assert [(one.status, one.version) for one in await desk.versions(client)] == [(VOID, 1), (SENT, 2)]


async def test_with_no_contract_nothing_becomes_void(desk: Desk) -> None:
    client = await desk.ready_client()
    await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка"})
    assert "contract-voided" not in await desk.verbs(client)


async def test_a_client_who_declines_tells_his_manager_who_has_three_days_again(desk: Desk) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    desk.clock.advance(timedelta(days=2, hours=23))
    applied = await desk.do(desk.contracts.decline_contract, client, {"reason": "Дорого"}, as_client(client))
    row = await desk.row(Contract, contract.id)
    assert row.status is ContractStatus.DECLINED
    assert (applied.state.contract, applied.state.manager_id) == (None, desk.manager.id)
    assert applied.state.last_step_at == desk.clock()
    [notice] = await desk.rows(ManagerMessage)
    assert notice.body == f"Клиент отказался подписывать договор {contract.number}. Причина: Дорого"
    assert notice.manager_id == desk.manager.id


# The agreement that comes before the first code.


async def test_generating_attests_the_agreement_of_a_client_who_never_registered(desk: Desk) -> None:
    client = await desk.offered()
    [agreement] = await desk.rows(PepAgreement)
    assert (agreement.agreed_by, agreement.attested_by_id) == (AgreedBy.MANAGER, desk.manager.id)
    assert (agreement.ip, agreement.user_agent) == (None, None)
    assert (await desk.verbs(client)).count("pep-attested") == 1


async def test_the_next_version_attests_nothing_again(desk: Desk) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    await desk.generate(client)
    assert len(await desk.rows(PepAgreement)) == 1


async def test_a_client_who_agreed_himself_is_attested_by_nobody(desk: Desk) -> None:
    client = await desk.ready_client()
    await desk.do(desk.pep.agree, client, ORIGIN, as_client(client))
    await desk.generate(client)
    assert [agreement.agreed_by for agreement in await desk.rows(PepAgreement)] == [AgreedBy.CLIENT_APP]


# Together.


async def test_two_generations_at_once_make_one_contract(desk: Desk) -> None:
    client = await desk.ready_client()
    commands = [await desk.command(client, {}) for _ in range(5)]
    answers = await asyncio.gather(*(desk.contracts.draft_contract(command) for command in commands))
    assert len({answer.outcome.contract_id for answer in answers}) == 1
    assert len(await desk.versions(client)) == 1


async def test_sending_at_once_twice_writes_one_code(desk: Desk) -> None:
    client = await desk.ready_client()
    contract = await draft(desk, client)
    await desk.rendering.store_contract(contract.id)
    send = desk.contracts.send_contract
    answers: list[Applied] = await asyncio.gather(*(send(client.id, contract.id, desk.manager) for _ in range(5)))
    assert all(answer.state == answers[0].state for answer in answers)
    assert len(await desk.messages(client)) == 1


async def test_another_manager_cannot_generate(desk: Desk) -> None:
    client = await desk.ready_client()
    other = as_manager(await make_manager(desk.sessions))
    before = await dump(desk.sessions)
    refusal = await refusal_of(desk.contracts.draft_contract, await desk.command(client, {}, other))
    assert refusal.code == "client-taken"
    assert len(await dump(desk.sessions)) == len(before) + 1  # the draft of the refused command
