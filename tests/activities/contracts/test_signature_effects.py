"""What a signature changes: bills, devices, status; and what it asks for."""

from datetime import date

from domain.clients.status import ClientStatus
from domain.contracts.refusals import ContractMissing
from domain.people.refusals import CodeExpired
from models import ClientTariff, Code, Device
from models.billing.invoice import InvoiceStatus
from tests.factories import FREE, make_contract
from tests.onboarding_setup import CODE, DEVICE, OnboardingSetup, as_client


async def test_a_signature_bills_the_contract_five_days_later(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered(devices=2)
    applied = await onboarding.sign(client)
    contract = await onboarding.contract(client)
    [invoice] = await onboarding.bills(client)
    assert (invoice.amount, invoice.contract_number) == (contract.total_fee, contract.number)
    assert (invoice.contract_id, invoice.status) == (contract.id, InvoiceStatus.PENDING)
    assert invoice.due_date == date(2026, 3, 7)
    assert invoice.description == f"Оплата по договору {contract.number}"
    assert applied.state.status is ClientStatus.AWAITING_PAYMENT
    assert [one.id for one in applied.state.invoices] == [invoice.id]
    assert applied.state.uncertified == (contract.id,)
    bill = f"Выставлен счёт по договору {contract.number}: {contract.total_fee // 100}.00 ₽. Оплатите до 07.03.2026"
    assert bill in await onboarding.messages(client)


async def test_with_nothing_to_pay_the_signature_finishes_the_client(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered(devices=0, tariff_id=FREE)
    applied = await onboarding.sign(client)
    assert applied.state.status is ClientStatus.PROCESSED
    assert await onboarding.bills(client) == []
    assert len(await onboarding.messages(client)) == 1


async def test_the_signature_covers_every_device_of_the_card(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed(devices=2)
    contract = await onboarding.contract(client)
    assert {device.covered_by_id for device in await onboarding.rows(Device)} == {contract.id}


async def test_a_free_amendment_leaves_an_earlier_bill_open(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    async with onboarding.sessions.begin() as session:
        applied = await ClientTariff.of_client(session, client.id)
        assert applied is not None
        (await session.get_one(ClientTariff, applied.id)).extra_per_device = 0
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    assert (await onboarding.contract(client)).total_fee == 0
    assert (await onboarding.sign(client)).state.status is ClientStatus.AWAITING_PAYMENT
    assert (
        await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    ).state.status is ClientStatus.PROCESSED


async def test_nothing_is_signed_that_was_not_sent(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.wrong(client, ContractMissing, CODE)
    await onboarding.do(onboarding.contracts.draft_contract, client)
    await onboarding.wrong(client, ContractMissing, CODE)


async def test_a_contract_without_a_code_asks_for_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await make_contract(onboarding.sessions, onboarding.keyring, client)
    await onboarding.wrong(client, CodeExpired, CODE)


async def test_the_code_is_marked_as_used_with_the_signature(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    applied = await onboarding.state(client)
    [code] = await onboarding.rows(Code)
    assert code.used_at == onboarding.clock()
    assert applied.contract is not None
    assert applied.contract.code is not None
    assert applied.contract.code.used


async def test_the_clients_signature_takes_no_client(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.cards.release_client, client)
    await onboarding.sign(client, actor=as_client(client))
    assert (await onboarding.card(client)).assigned_manager_id is None
