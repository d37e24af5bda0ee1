"""Money that came pays the invoice that is named, or the oldest open one, whole or not at all."""

import asyncio
from datetime import timedelta

from domain.billing.refusals import AmountMismatch, InvoiceCanceled
from domain.clients.status import ClientStatus
from domain.contracts.refusals import NotSigned
from domain.kernel.refusal import NotFound
from models.billing.invoice import InvoiceStatus
from tests.factories import make_invoice
from tests.onboarding_setup import DEVICE, OnboardingSetup, another_manager

PENDING, PAID, OVERDUE = InvoiceStatus.PENDING, InvoiceStatus.PAID, InvoiceStatus.OVERDUE


async def test_a_payment_finishes_the_client(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    [invoice] = await onboarding.bills(client)
    onboarding.clock.advance(timedelta(days=1))
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": invoice.amount})
    [invoice] = await onboarding.bills(client)
    assert applied.state.status is ClientStatus.PROCESSED
    assert applied.state.invoices == ()
    assert (invoice.status, invoice.paid_at, invoice.confirmed_by_id) == (
        PAID,
        onboarding.clock(),
        onboarding.manager.id,
    )
    assert (await onboarding.contract(client)).payment_confirmed_at == onboarding.clock()


async def test_without_an_amount_the_invoices_own_is_meant(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is ClientStatus.PROCESSED


async def test_another_amount_is_refused_with_the_one_that_was_billed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    [invoice] = await onboarding.bills(client)
    for amount in (1, invoice.amount - 1, invoice.amount + 1):
        refusal = await onboarding.refused(
            AmountMismatch, onboarding.payments.confirm_payment, client, {"amount": amount}
        )
        assert f"{invoice.amount // 100}.00 ₽" in refusal.detail
    assert [one.status for one in await onboarding.bills(client)] == [PENDING]


async def test_with_nothing_open_nothing_changes(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    verbs = await onboarding.verbs(client)
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": 5})
    assert applied.state.status is ClientStatus.PROCESSED
    assert await onboarding.verbs(client) == verbs


async def test_the_oldest_open_invoice_is_paid_first_and_the_last_one_finishes_the_client(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.signed()
    onboarding.clock.advance(timedelta(hours=1))
    await onboarding.do(onboarding.devices.add_device, client, {**DEVICE, "extra_fee": 70_000})
    await onboarding.generate(client)
    await onboarding.sign(client)
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    assert [one.status for one in await onboarding.bills(client)] == [PAID, PENDING]
    assert applied.state.status is ClientStatus.AWAITING_PAYMENT
    await onboarding.refused(AmountMismatch, onboarding.payments.confirm_payment, client, {"amount": 100_000})
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": 70_000})
    assert applied.state.status is ClientStatus.PROCESSED
    assert all(contract.payment_confirmed_at for contract in await onboarding.versions(client))


async def test_a_payment_while_an_amendment_is_out_leaves_the_amendment_out(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT
    assert applied.state.out_for_signature


async def test_an_overdue_invoice_is_paid_like_any_other(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    await make_invoice(
        onboarding.sessions, contract, status=OVERDUE, amount=5, created_at=onboarding.clock() - timedelta(days=1)
    )
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": 5})
    assert [one.status for one in await onboarding.bills(client)] == [PAID, PENDING]
    assert applied.state.status is ClientStatus.AWAITING_PAYMENT


async def test_a_bill_before_the_signature_cannot_be_paid_yet(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await make_invoice(onboarding.sessions, await onboarding.contract(client), amount=5)
    await onboarding.refused(NotSigned, onboarding.payments.confirm_payment, client, {"amount": 5})
    assert [one.status for one in await onboarding.bills(client)] == [PENDING]


async def test_a_canceled_invoice_waits_for_no_money(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    await make_invoice(onboarding.sessions, contract, status=InvoiceStatus.CANCELED, amount=5)
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is ClientStatus.PROCESSED


async def test_two_payments_at_once_pay_two_invoices_and_not_one_twice(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await make_invoice(onboarding.sessions, await onboarding.contract(client))
    commands = [await onboarding.command(client, {"amount": None}) for _ in range(2)]
    await asyncio.gather(*(onboarding.payments.confirm_payment(command) for command in commands))
    assert [one.status for one in await onboarding.bills(client)] == [PAID, PAID]
    assert (await onboarding.state(client)).status is ClientStatus.PROCESSED


async def test_who_confirmed_stands_on_the_invoice(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    other = await another_manager(onboarding)
    await onboarding.do(onboarding.cards.take_over_client, client, {"reason": "Отпуск"}, other)
    await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None}, other)
    assert [one.confirmed_by_id for one in await onboarding.bills(client)] == [other.id]


async def test_a_payment_pays_the_invoice_that_it_names(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    later = await make_invoice(onboarding.sessions, await onboarding.contract(client), amount=5)
    named = {"amount": 5, "invoice_id": str(later.id)}
    await onboarding.do(onboarding.payments.confirm_payment, client, named)
    assert {one.id: one.status for one in await onboarding.bills(client)}[later.id] is PAID
    assert [one.status for one in await onboarding.bills(client)].count(PENDING) == 1


async def test_two_payments_of_one_invoice_at_once_pay_that_one_alone(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await make_invoice(onboarding.sessions, await onboarding.contract(client))
    oldest = (await onboarding.bills(client))[0]
    named = {"amount": None, "invoice_id": str(oldest.id)}
    commands = [await onboarding.command(client, named) for _ in range(2)]
    await asyncio.gather(*(onboarding.payments.confirm_payment(command) for command in commands))
    assert [one.status for one in await onboarding.bills(client)] == [PAID, PENDING]
    assert (await onboarding.verbs(client)).count("payment-confirmed") == 1


async def test_a_strange_or_canceled_invoice_is_not_paid(onboarding: OnboardingSetup) -> None:
    client, other = await onboarding.signed(), await onboarding.signed()
    confirm = onboarding.payments.confirm_payment
    [strange] = await onboarding.bills(other)
    await onboarding.refused(NotFound, confirm, client, {"amount": None, "invoice_id": str(strange.id)})
    canceled = await make_invoice(onboarding.sessions, await onboarding.contract(client), status=InvoiceStatus.CANCELED)
    await onboarding.refused(InvoiceCanceled, confirm, client, {"amount": None, "invoice_id": str(canceled.id)})
    assert [one.status for one in await onboarding.bills(other)] == [PENDING]
    assert PAID not in [one.status for one in await onboarding.bills(client)]
