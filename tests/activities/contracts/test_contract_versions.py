"""The next version, an amendment, a void contract: what becomes of a contract when the card changes."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from activities.clients.command import ClientApplied
from domain.clients.status import ClientStatus
from domain.contracts.refusals import ContractOutdated
from domain.contracts.status import ContractStatus
from domain.onboarding import process as rules
from models import Accession, Contract, Device, ManagerMessage
from models.contracts.agreement import AgreedBy
from models.contracts.contract import REASON
from models.kernel.columns import unseal
from tests.database_content import dump
from tests.factories import FREE, make_manager
from tests.onboarding_setup import CODE, DEVICE, ORIGIN, PROFILE, OnboardingSetup, as_client, as_manager, refusal_of

VOID, SIGNED, SENT, DRAFT = ContractStatus.VOID, ContractStatus.SIGNED, ContractStatus.SENT, ContractStatus.DRAFT


# Generating again.


async def test_with_nothing_changed_the_same_contract_comes_back_and_nothing_is_sent(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    contract, messages = await onboarding.contract(client), await onboarding.messages(client)
    onboarding.clock.advance(timedelta(hours=2))
    applied = await onboarding.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert await onboarding.messages(client) == messages
    assert len(await onboarding.versions(client)) == 1


async def test_a_change_makes_the_code_useless_at_once(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    applied = await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    with pytest.raises(ContractOutdated):
        rules.may_sign(applied.state, as_client(client))
    await onboarding.wrong(client, ContractOutdated, CODE)
    await onboarding.refused(ContractOutdated, onboarding.codes.request_code, client, actor=as_client(client))


async def test_after_a_change_the_next_version_takes_the_next_number_and_voids_the_unsigned_one(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    applied = await onboarding.generate(client)
    first, second = await onboarding.versions(client)
    assert (first.status, first.voided_at) == (VOID, onboarding.clock())
    assert (second.status, second.version, second.number) == (SENT, 2, "ЕЛ-260302-02")
    assert applied.outcome.contract_id == second.id
    assert second.total_fee == 2 * first.total_fee
    assert (await onboarding.verbs(client)).count("contract-voided") == 1


async def test_a_new_versions_first_code_is_not_held_by_the_cool_down(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    applied = await onboarding.generate(client)
    assert applied.outcome.sent is True
    assert len(await onboarding.messages(client)) == 2


async def test_changed_and_changed_back_is_nothing_changed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    for address in ("г. Тверь", PROFILE["address"]):
        await onboarding.do(onboarding.cards.save_profile, client, {**PROFILE, "address": address})
    applied = await onboarding.generate(client)
    assert len(await onboarding.versions(client)) == len(await onboarding.messages(client)) == 1
    assert applied.state.out_for_signature
    await onboarding.sign(client)


async def test_an_unsigned_contract_locks_nothing(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.cards.save_profile, client, {**PROFILE, "name": "Другая"})
    await onboarding.do(onboarding.passports.save_passport, client, {"first_name": "Анна"})
    [device] = await onboarding.rows(Device)
    await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    applied = await onboarding.apply_tariff(client, 0, FREE)
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


async def test_a_signed_contract_comes_back_whatever_changes_but_new_devices(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await onboarding.do(onboarding.passports.save_passport, client, {"issued_by": "УВД Твери"})
    contract = await onboarding.contract(client)
    applied = await onboarding.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert [one.status for one in await onboarding.versions(client)] == [SIGNED]


async def test_a_signed_contract_is_kept_for_ever(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    with pytest.raises(IntegrityError, match="what was signed does not change"):
        async with onboarding.sessions.begin() as session:
            (await session.get_one(Contract, contract.id)).total_fee = 1
    with pytest.raises(IntegrityError):
        async with onboarding.sessions.begin() as session:
            await session.delete(await session.get_one(Contract, contract.id))


# Amendments.


async def test_an_amendment_bills_only_the_new_devices(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed(devices=2)
    await onboarding.do(onboarding.devices.add_device, client, {**DEVICE, "title": "Новый", "extra_fee": 70_000})
    await onboarding.generate(client)
    main, amendment = await onboarding.versions(client)
    snapshot = onboarding.snapshot_of(amendment)
    assert (amendment.amendment_of_id, snapshot.amendment_of) == (main.id, main.number)
    assert (amendment.number, amendment.version) == ("ЕЛ-260302-02", 2)
    assert len(snapshot.devices) == 3
    assert [device.title for device in snapshot.billed] == ["Новый"]
    assert amendment.total_fee == 70_000
    applied = await onboarding.sign(client)
    assert applied.state.status is ClientStatus.AWAITING_PAYMENT
    assert {invoice.amount for invoice in await onboarding.bills(client)} == {main.total_fee, 70_000}
    covered = {device.title: device.covered_by_id for device in await onboarding.rows(Device)}
    assert covered == {"ThinkPad": main.id, "Новый": amendment.id}


async def test_the_next_amendment_amends_the_newest_signed_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    for _ in range(2):
        await onboarding.do(onboarding.devices.add_device, client, DEVICE)
        await onboarding.generate(client)
        await onboarding.sign(client)
    first, second, third = await onboarding.versions(client)
    assert (second.amendment_of_id, third.amendment_of_id) == (first.id, second.id)
    assert first.total_fee == second.total_fee == third.total_fee


async def test_a_changed_amendment_voids_itself_and_not_what_was_signed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    for _ in range(2):
        await onboarding.do(onboarding.devices.add_device, client, DEVICE)
        await onboarding.generate(client)
    assert [one.status for one in await onboarding.versions(client)] == [SIGNED, VOID, SENT]


# Void and declined.


async def test_a_void_contract_leaves_the_card_editable_and_tells_the_client(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    applied = await onboarding.do(onboarding.contracts.void_contract, client, {"reason": "Ошибка в адресе"})
    assert applied.state.contract is None
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT
    row = await onboarding.row(Contract, contract.id)
    assert (row.status, row.voided_at) == (VOID, onboarding.clock())
    assert unseal(onboarding.keyring, REASON, row.void_reason or b"") == "Ошибка в адресе"
    assert f"Договор {contract.number} аннулирован. Подписывать его не нужно." in await onboarding.messages(client)


async def test_a_contract_that_was_never_sent_is_void_in_silence(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.draft(client)
    await onboarding.do(onboarding.contracts.void_contract, client, {"reason": "Передумали"})
    assert (await onboarding.card(client)).support_ticket_id is None


async def test_after_a_void_contract_the_next_one_is_made_even_with_nothing_changed(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.contracts.void_contract, client, {"reason": "Ошибка"})
    await onboarding.generate(client)
    assert [(one.status, one.version) for one in await onboarding.versions(client)] == [(VOID, 1), (SENT, 2)]


async def test_with_no_contract_nothing_becomes_void(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.do(onboarding.contracts.void_contract, client, {"reason": "Ошибка"})
    assert "contract-voided" not in await onboarding.verbs(client)


async def test_a_client_who_declines_tells_his_manager_who_has_three_days_again(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    onboarding.clock.advance(timedelta(days=2, hours=23))
    applied = await onboarding.do(
        onboarding.contracts.decline_contract, client, {"reason": "Дорого"}, as_client(client)
    )
    row = await onboarding.row(Contract, contract.id)
    assert row.status is ContractStatus.DECLINED
    assert (applied.state.contract, applied.state.manager_id) == (None, onboarding.manager.id)
    assert applied.state.last_step_at == onboarding.clock()
    [notice] = await onboarding.rows(ManagerMessage)
    assert notice.body == f"Клиент отказался подписывать договор {contract.number}. Причина: Дорого"
    assert notice.manager_id == onboarding.manager.id


# The agreement that comes before the first code.


async def test_generating_attests_the_agreement_of_a_client_who_never_registered(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    [agreement] = await onboarding.rows(Accession)
    assert (agreement.agreed_by, agreement.attested_by_id) == (AgreedBy.MANAGER, onboarding.manager.id)
    assert (agreement.ip, agreement.user_agent) == (None, None)
    assert (await onboarding.verbs(client)).count("pep-attested") == 1


async def test_the_next_version_attests_nothing_again(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    assert len(await onboarding.rows(Accession)) == 1


async def test_a_client_who_agreed_himself_is_attested_by_nobody(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.do(onboarding.pep.agree, client, ORIGIN, as_client(client))
    await onboarding.generate(client)
    assert [agreement.agreed_by for agreement in await onboarding.rows(Accession)] == [AgreedBy.CLIENT_APP]


# Together.


async def test_two_generations_at_once_make_one_contract(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    commands = [await onboarding.command(client, {}) for _ in range(5)]
    answers = await asyncio.gather(*(onboarding.contracts.draft_contract(command) for command in commands))
    assert len({answer.outcome.contract_id for answer in answers}) == 1
    assert len(await onboarding.versions(client)) == 1


async def test_sending_at_once_twice_writes_one_code(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    contract = await onboarding.draft(client)
    await onboarding.rendering.store_contract(contract.id)
    send = onboarding.contracts.send_contract
    answers: list[ClientApplied] = await asyncio.gather(
        *(send(client.id, contract.id, onboarding.manager) for _ in range(5))
    )
    assert all(answer.state == answers[0].state for answer in answers)
    assert len(await onboarding.messages(client)) == 1


async def test_another_manager_cannot_generate(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    other = as_manager(await make_manager(onboarding.sessions))
    before = await dump(onboarding.sessions)
    refusal = await refusal_of(onboarding.contracts.draft_contract, await onboarding.command(client, {}, other))
    assert refusal.code == "client-taken"
    assert len(await dump(onboarding.sessions)) == len(before) + 1  # the draft of the refused command
