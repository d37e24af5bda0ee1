"""Invoices as their day comes and goes: a reminder, then overdue, each once."""

from datetime import timedelta

import pytest

from domain.clients.status import ClientStatus
from domain.onboarding.deadline import Due
from models.billing.invoice import InvoiceStatus
from tests.activities.deadlines import changes_nothing, deadline, meets, notices
from tests.factories import make_invoice
from tests.onboarding_setup import OnboardingSetup

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_the_day_before_an_invoice_is_due_the_client_is_reminded(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    coming = await meets(onboarding, client, Due.REMIND_OF_INVOICE)
    assert coming.at.isoformat() == "2026-03-06T07:00:00+00:00"
    [invoice] = await onboarding.bills(client)
    assert invoice.reminded_at == coming.at
    assert (await onboarding.messages(client))[-1].startswith(
        f"Напоминаем: счёт по договору {invoice.contract_number} на 1000.00 ₽ нужно оплатить до 07.03.2026"
    )


async def test_nobody_is_asked_to_pay_by_a_day_that_is_over(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    messages = await onboarding.messages(client)
    await meets(onboarding, client, Due.REMIND_OF_INVOICE, late=10 * DAY)
    assert await onboarding.messages(client) == messages


async def test_after_its_day_an_invoice_is_overdue_and_the_manager_knows(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    coming = await meets(onboarding, client, Due.INVOICE_OVERDUE)
    assert coming.at.isoformat() == "2026-03-07T21:00:00+00:00"
    [invoice] = await onboarding.bills(client)
    assert invoice.status is InvoiceStatus.OVERDUE
    assert await notices(onboarding) == [f"Счёт по договору {invoice.contract_number} просрочен."]
    assert (await onboarding.state(client)).status is ClientStatus.AWAITING_PAYMENT


@pytest.mark.parametrize("due", [Due.REMIND_OF_INVOICE, Due.INVOICE_OVERDUE])
async def test_a_paid_invoice_is_neither_reminded_of_nor_overdue(onboarding: OnboardingSetup, due: Due) -> None:
    client = await onboarding.signed()
    coming = await deadline(onboarding, client, due)
    await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


async def test_two_invoices_of_one_day_are_reminded_of_one_by_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await make_invoice(onboarding.sessions, await onboarding.contract(client), amount=5)
    for _ in range(2):
        await meets(onboarding, client, Due.REMIND_OF_INVOICE)
    assert sum(message.startswith("Напоминаем") for message in await onboarding.messages(client)) == 2
