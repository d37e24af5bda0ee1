"""Invoices as their day comes and goes: a reminder, then overdue, each once."""

from datetime import timedelta

import pytest

from domain.onboarding.deadline import Due
from domain.onboarding.process import Status
from models.billing.invoice import InvoiceStatus
from tests.activities.deadlines import changes_nothing, deadline, meets, notices
from tests.factories import make_invoice
from tests.onboarding_setup import OnboardingSetup

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_the_day_before_an_invoice_is_due_the_client_is_reminded(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    coming = await meets(desk, client, Due.REMIND_OF_INVOICE)
    assert coming.at.isoformat() == "2026-03-06T07:00:00+00:00"
    [invoice] = await desk.bills(client)
    assert invoice.reminded_at == coming.at
    assert (await desk.messages(client))[-1].startswith(
        f"Напоминаем: счёт по договору {invoice.contract_number} на 1000.00 ₽ нужно оплатить до 07.03.2026"
    )


async def test_nobody_is_asked_to_pay_by_a_day_that_is_over(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    messages = await desk.messages(client)
    await meets(desk, client, Due.REMIND_OF_INVOICE, late=10 * DAY)
    assert await desk.messages(client) == messages


async def test_after_its_day_an_invoice_is_overdue_and_the_manager_knows(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    coming = await meets(desk, client, Due.INVOICE_OVERDUE)
    assert coming.at.isoformat() == "2026-03-07T21:00:00+00:00"
    [invoice] = await desk.bills(client)
    assert invoice.status is InvoiceStatus.OVERDUE
    assert await notices(desk) == [f"Счёт по договору {invoice.contract_number} просрочен."]
    assert (await desk.state(client)).status is Status.AWAITING_PAYMENT


@pytest.mark.parametrize("due", [Due.REMIND_OF_INVOICE, Due.INVOICE_OVERDUE])
async def test_a_paid_invoice_is_neither_reminded_of_nor_overdue(desk: OnboardingSetup, due: Due) -> None:
    client = await desk.signed()
    coming = await deadline(desk, client, due)
    await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


async def test_two_invoices_of_one_day_are_reminded_of_one_by_one(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await make_invoice(desk.sessions, await desk.contract(client), amount=5)
    for _ in range(2):
        await meets(desk, client, Due.REMIND_OF_INVOICE)
    assert sum(message.startswith("Напоминаем") for message in await desk.messages(client)) == 2
