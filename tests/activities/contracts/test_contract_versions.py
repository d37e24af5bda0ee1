"""The next version, an amendment, a void contract: what becomes of a contract when the card changes."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from activities.kernel.command import Applied
from domain.kernel.refusal import ContractOutdated
from domain.onboarding import process as rules
from domain.onboarding.process import ContractStatus, Status
from models import Contract, Device, ManagerMessage, PepAgreement
from models.contracts.agreement import AgreedBy
from models.contracts.contract import REASON
from models.kernel.columns import unseal
from tests.database_content import dump
from tests.factories import FREE, make_manager
from tests.onboarding_setup import (
    CODE,
    DEVICE,
    ORIGIN,
    PROFILE,
    OnboardingSetup,
    as_client,
    as_manager,
    refusal_of,
)

VOID, SIGNED, SENT, DRAFT = ContractStatus.VOID, ContractStatus.SIGNED, ContractStatus.SENT, ContractStatus.DRAFT


# Generating again.


async def test_with_nothing_changed_the_same_contract_comes_back_and_nothing_is_sent(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    contract, messages = await desk.contract(client), await desk.messages(client)
    desk.clock.advance(timedelta(hours=2))
    applied = await desk.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert await desk.messages(client) == messages
    assert len(await desk.versions(client)) == 1


async def test_a_change_makes_the_code_useless_at_once(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    applied = await desk.do(desk.devices.add_device, client, DEVICE)
    with pytest.raises(ContractOutdated):
        rules.may_sign(applied.state, as_client(client))
    await desk.wrong(client, ContractOutdated, CODE)
    await desk.refused(ContractOutdated, desk.codes.request_code, client, actor=as_client(client))


async def test_after_a_change_the_next_version_takes_the_next_number_and_voids_the_unsigned_one(
    desk: OnboardingSetup,
) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    applied = await desk.generate(client)
    first, second = await desk.versions(client)
    assert (first.status, first.voided_at) == (VOID, desk.clock())
    assert (second.status, second.version, second.number) == (SENT, 2, "ЕЛ-260302-02")
    assert applied.outcome.contract_id == second.id
    assert second.total_fee == 2 * first.total_fee
    assert (await desk.verbs(client)).count("contract-voided") == 1


async def test_a_new_versions_first_code_is_not_held_by_the_cool_down(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    applied = await desk.generate(client)
    assert applied.outcome.sent is True
    assert len(await desk.messages(client)) == 2


async def test_changed_and_changed_back_is_nothing_changed(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    for address in ("г. Тверь", PROFILE["address"]):
        await desk.do(desk.onboarding.save_profile, client, {**PROFILE, "address": address})
    applied = await desk.generate(client)
    assert len(await desk.versions(client)) == len(await desk.messages(client)) == 1
    assert applied.state.out_for_signature
    await desk.sign(client)


async def test_an_unsigned_contract_locks_nothing(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.onboarding.save_profile, client, {**PROFILE, "name": "Другая"})
    await desk.do(desk.passports.save_passport, client, {"first_name": "Анна"})
    [device] = await desk.rows(Device)
    await desk.do(desk.devices.remove_device, client, {"device_id": str(device.id)})
    applied = await desk.apply_tariff(client, 0, FREE)
    assert applied.state.status is Status.AWAITING_CONTRACT


async def test_a_signed_contract_comes_back_whatever_changes_but_new_devices(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await desk.do(desk.passports.save_passport, client, {"issued_by": "УВД Твери"})
    contract = await desk.contract(client)
    applied = await desk.generate(client)
    assert applied.outcome.contract_id == contract.id
    assert [one.status for one in await desk.versions(client)] == [SIGNED]


async def test_a_signed_contract_is_kept_for_ever(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    contract = await desk.contract(client)
    with pytest.raises(IntegrityError, match="what was signed does not change"):
        async with desk.sessions.begin() as session:
            (await session.get_one(Contract, contract.id)).total_fee = 1
    with pytest.raises(IntegrityError):
        async with desk.sessions.begin() as session:
            await session.delete(await session.get_one(Contract, contract.id))


# Amendments.


async def test_an_amendment_bills_only_the_new_devices(desk: OnboardingSetup) -> None:
    client = await desk.signed(devices=2)
    await desk.do(desk.devices.add_device, client, {**DEVICE, "title": "Новый", "extra_fee": 70_000})
    await desk.generate(client)
    main, amendment = await desk.versions(client)
    snapshot = desk.snapshot_of(amendment)
    assert (amendment.amendment_of_id, snapshot.amendment_of) == (main.id, main.number)
    assert (amendment.number, amendment.version) == ("ЕЛ-260302-02", 2)
    assert len(snapshot.devices) == 3
    assert [device.title for device in snapshot.billed] == ["Новый"]
    assert amendment.total_fee == 70_000
    applied = await desk.sign(client)
    assert applied.state.status is Status.AWAITING_PAYMENT
    assert {invoice.amount for invoice in await desk.bills(client)} == {main.total_fee, 70_000}
    covered = {device.title: device.covered_by_id for device in await desk.rows(Device)}
    assert covered == {"ThinkPad": main.id, "Новый": amendment.id}


async def test_the_next_amendment_amends_the_newest_signed_one(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    for _ in range(2):
        await desk.do(desk.devices.add_device, client, DEVICE)
        await desk.generate(client)
        await desk.sign(client)
    first, second, third = await desk.versions(client)
    assert (second.amendment_of_id, third.amendment_of_id) == (first.id, second.id)
    assert first.total_fee == second.total_fee == third.total_fee


async def test_a_changed_amendment_voids_itself_and_not_what_was_signed(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    for _ in range(2):
        await desk.do(desk.devices.add_device, client, DEVICE)
        await desk.generate(client)
    assert [one.status for one in await desk.versions(client)] == [SIGNED, VOID, SENT]


# Void and declined.


async def test_a_void_contract_leaves_the_card_editable_and_tells_the_client(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    applied = await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка в адресе"})
    assert applied.state.contract is None
    assert applied.state.status is Status.AWAITING_CONTRACT
    row = await desk.row(Contract, contract.id)
    assert (row.status, row.voided_at) == (VOID, desk.clock())
    assert unseal(desk.keyring, REASON, row.void_reason or b"") == "Ошибка в адресе"
    assert f"Договор {contract.number} аннулирован. Подписывать его не нужно." in await desk.messages(client)


async def test_a_contract_that_was_never_sent_is_void_in_silence(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    await desk.draft(client)
    await desk.do(desk.contracts.void_contract, client, {"reason": "Передумали"})
    assert (await desk.card(client)).support_ticket_id is None


async def test_after_a_void_contract_the_next_one_is_made_even_with_nothing_changed(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка"})
    await desk.generate(client)
    assert [(one.status, one.version) for one in await desk.versions(client)] == [(VOID, 1), (SENT, 2)]


async def test_with_no_contract_nothing_becomes_void(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка"})
    assert "contract-voided" not in await desk.verbs(client)


async def test_a_client_who_declines_tells_his_manager_who_has_three_days_again(desk: OnboardingSetup) -> None:
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


async def test_generating_attests_the_agreement_of_a_client_who_never_registered(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    [agreement] = await desk.rows(PepAgreement)
    assert (agreement.agreed_by, agreement.attested_by_id) == (AgreedBy.MANAGER, desk.manager.id)
    assert (agreement.ip, agreement.user_agent) == (None, None)
    assert (await desk.verbs(client)).count("pep-attested") == 1


async def test_the_next_version_attests_nothing_again(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    await desk.generate(client)
    assert len(await desk.rows(PepAgreement)) == 1


async def test_a_client_who_agreed_himself_is_attested_by_nobody(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    await desk.do(desk.pep.agree, client, ORIGIN, as_client(client))
    await desk.generate(client)
    assert [agreement.agreed_by for agreement in await desk.rows(PepAgreement)] == [AgreedBy.CLIENT_APP]


# Together.


async def test_two_generations_at_once_make_one_contract(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    commands = [await desk.command(client, {}) for _ in range(5)]
    answers = await asyncio.gather(*(desk.contracts.draft_contract(command) for command in commands))
    assert len({answer.outcome.contract_id for answer in answers}) == 1
    assert len(await desk.versions(client)) == 1


async def test_sending_at_once_twice_writes_one_code(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    contract = await desk.draft(client)
    await desk.rendering.store_contract(contract.id)
    send = desk.contracts.send_contract
    answers: list[Applied] = await asyncio.gather(*(send(client.id, contract.id, desk.manager) for _ in range(5)))
    assert all(answer.state == answers[0].state for answer in answers)
    assert len(await desk.messages(client)) == 1


async def test_another_manager_cannot_generate(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    other = as_manager(await make_manager(desk.sessions))
    before = await dump(desk.sessions)
    refusal = await refusal_of(desk.contracts.draft_contract, await desk.command(client, {}, other))
    assert refusal.code == "client-taken"
    assert len(await dump(desk.sessions)) == len(before) + 1  # the draft of the refused command
