"""Money that came pays the oldest open invoice, whole or not at all."""

import asyncio
from datetime import timedelta

from domain.kernel.refusal import AmountMismatch, NotSigned
from domain.onboarding.process import Status
from models.billing.invoice import InvoiceStatus
from tests.factories import make_invoice
from tests.onboarding_setup import DEVICE, OnboardingSetup, another_manager

PENDING, PAID, OVERDUE = InvoiceStatus.PENDING, InvoiceStatus.PAID, InvoiceStatus.OVERDUE


async def test_a_payment_finishes_the_client(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    [invoice] = await desk.bills(client)
    desk.clock.advance(timedelta(days=1))
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": invoice.amount})
    [invoice] = await desk.bills(client)
    assert applied.state.status is Status.PROCESSED
    assert applied.state.invoices == ()
    assert (invoice.status, invoice.paid_at, invoice.confirmed_by_id) == (PAID, desk.clock(), desk.manager.id)
    assert (await desk.contract(client)).payment_confirmed_at == desk.clock()


async def test_without_an_amount_the_invoices_own_is_meant(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is Status.PROCESSED


async def test_another_amount_is_refused_with_the_one_that_was_billed(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    [invoice] = await desk.bills(client)
    for amount in (1, invoice.amount - 1, invoice.amount + 1):
        refusal = await desk.refused(AmountMismatch, desk.payments.confirm_payment, client, {"amount": amount})
        assert f"{invoice.amount // 100}.00 ₽" in refusal.detail
    assert [one.status for one in await desk.bills(client)] == [PENDING]


async def test_with_nothing_open_nothing_changes(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    verbs = await desk.verbs(client)
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": 5})
    assert applied.state.status is Status.PROCESSED
    assert await desk.verbs(client) == verbs


async def test_the_oldest_open_invoice_is_paid_first_and_the_last_one_finishes_the_client(
    desk: OnboardingSetup,
) -> None:
    client = await desk.signed()
    desk.clock.advance(timedelta(hours=1))
    await desk.do(desk.devices.add_device, client, {**DEVICE, "extra_fee": 70_000})
    await desk.generate(client)
    await desk.sign(client)
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    assert [one.status for one in await desk.bills(client)] == [PAID, PENDING]
    assert applied.state.status is Status.AWAITING_PAYMENT
    await desk.refused(AmountMismatch, desk.payments.confirm_payment, client, {"amount": 100_000})
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": 70_000})
    assert applied.state.status is Status.PROCESSED
    assert all(contract.payment_confirmed_at for contract in await desk.versions(client))


async def test_a_payment_while_an_amendment_is_out_leaves_the_amendment_out(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await desk.do(desk.devices.add_device, client, DEVICE)
    await desk.generate(client)
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is Status.AWAITING_CONTRACT
    assert applied.state.out_for_signature


async def test_an_overdue_invoice_is_paid_like_any_other(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    contract = await desk.contract(client)
    await make_invoice(desk.sessions, contract, status=OVERDUE, amount=5, created_at=desk.clock() - timedelta(days=1))
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": 5})
    assert [one.status for one in await desk.bills(client)] == [PAID, PENDING]
    assert applied.state.status is Status.AWAITING_PAYMENT


async def test_a_bill_before_the_signature_cannot_be_paid_yet(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await make_invoice(desk.sessions, await desk.contract(client), amount=5)
    await desk.refused(NotSigned, desk.payments.confirm_payment, client, {"amount": 5})
    assert [one.status for one in await desk.bills(client)] == [PENDING]


async def test_a_canceled_invoice_waits_for_no_money(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    contract = await desk.contract(client)
    await make_invoice(desk.sessions, contract, status=InvoiceStatus.CANCELED, amount=5)
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is Status.PROCESSED


async def test_two_payments_at_once_pay_two_invoices_and_not_one_twice(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await make_invoice(desk.sessions, await desk.contract(client))
    commands = [await desk.command(client, {"amount": None}) for _ in range(2)]
    await asyncio.gather(*(desk.payments.confirm_payment(command) for command in commands))
    assert [one.status for one in await desk.bills(client)] == [PAID, PAID]
    assert (await desk.state(client)).status is Status.PROCESSED


async def test_who_confirmed_stands_on_the_invoice(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    other = await another_manager(desk)
    await desk.do(desk.onboarding.take_over_client, client, {"reason": "Отпуск"}, other)
    await desk.do(desk.payments.confirm_payment, client, {"amount": None}, other)
    assert [one.confirmed_by_id for one in await desk.bills(client)] == [other.id]
