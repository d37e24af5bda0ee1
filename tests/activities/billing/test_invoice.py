"""Bills that a manager writes."""

from datetime import UTC, date, datetime

import pytest

from domain.clients.status import ClientStatus
from domain.kernel.refusal import InvalidValue
from models import Invoice, SupportTicket
from models.billing.invoice import InvoiceStatus
from models.support.ticket import SIGNING
from tests.factories import make_contract
from tests.onboarding_setup import OnboardingSetup


def bill(number: str, due: str = "2026-04-01", amount: int = 150_050) -> dict[str, object]:
    return {"amount": amount, "description": "Выезд мастера", "contract_number": number, "due_date": due}


async def test_a_bill_is_an_invoice_and_a_message_in_the_clients_ticket(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    number = (await onboarding.contract(client)).number
    command = await onboarding.command(client, bill(number))
    applied = await onboarding.twice(lambda: onboarding.invoices.bill(command))
    invoice = await onboarding.row(Invoice, command.draft_id)
    assert (invoice.amount, invoice.description) == (150_050, "Выезд мастера")
    assert (invoice.contract_number, invoice.due_date) == (number, date(2026, 4, 1))
    assert (invoice.status, invoice.contract_id) == (InvoiceStatus.PENDING, None)
    assert len(applied.state.invoices) == 2
    assert f"Выставлен счёт по договору {number}: 1500.50 ₽. Оплатите до 01.04.2026" in await onboarding.messages(
        client
    )


async def test_a_bill_beside_the_contracts_own_does_not_keep_a_client_from_being_finished(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.signed()
    onboarding.clock.now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    await onboarding.do(onboarding.invoices.bill, client, bill((await onboarding.contract(client)).number))
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is ClientStatus.PROCESSED
    applied = await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": 150_050})
    assert applied.state.invoices == ()
    assert applied.state.status is ClientStatus.PROCESSED


async def test_only_a_contract_of_this_client_can_be_billed(onboarding: OnboardingSetup) -> None:
    client, other = await onboarding.new_client(), await onboarding.new_client()
    foreign = await make_contract(onboarding.sessions, onboarding.keyring, other)
    for number in (foreign.number, "АА-260101-01"):
        refusal = await onboarding.refused(InvalidValue, onboarding.invoices.bill, client, bill(number))
        assert refusal.extra["errors"] == [{"loc": ["body", "contract_number"], "msg": refusal.detail}]
    assert await onboarding.bills(client) == []


@pytest.mark.parametrize(
    ("due", "reminded"), [("2026-03-02", True), ("2026-03-03", True), ("2026-03-04", False), ("2026-02-01", True)]
)
async def test_for_a_near_date_the_bill_itself_reminds_enough(
    onboarding: OnboardingSetup, due: str, reminded: bool
) -> None:
    client = await onboarding.new_client()
    contract = await make_contract(onboarding.sessions, onboarding.keyring, client)
    applied = await onboarding.do(onboarding.invoices.bill, client, bill(contract.number, due))
    assert [invoice.reminded for invoice in applied.state.invoices] == [reminded]


async def test_the_signing_ticket_is_made_by_the_first_message_in_it(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    contract = await make_contract(onboarding.sessions, onboarding.keyring, client)
    assert await onboarding.rows(SupportTicket) == []
    for _ in range(2):
        await onboarding.do(onboarding.invoices.bill, client, bill(contract.number))
    [ticket] = await onboarding.rows(SupportTicket)
    assert (ticket.user_id, ticket.subject, ticket.status) == (client.user_id, SIGNING, "open")
    assert (await onboarding.card(client)).support_ticket_id == ticket.id
    assert len(await onboarding.messages(client)) == 2
