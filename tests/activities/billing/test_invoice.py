"""Bills that a manager writes."""

from datetime import UTC, date, datetime

import pytest

from domain.kernel.refusal import InvalidValue
from domain.onboarding.process import Status
from models import Invoice, SupportTicket
from models.billing.invoice import InvoiceStatus
from models.support.ticket import SIGNING
from tests.factories import make_contract
from tests.onboarding_setup import OnboardingSetup


def bill(number: str, due: str = "2026-04-01", amount: int = 150_050) -> dict[str, object]:
    return {"amount": amount, "description": "Выезд мастера", "contract_number": number, "due_date": due}


async def test_a_bill_is_an_invoice_and_a_message_in_the_clients_ticket(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    number = (await desk.contract(client)).number
    command = await desk.command(client, bill(number))
    applied = await desk.twice(lambda: desk.invoices.bill(command))
    invoice = await desk.row(Invoice, command.draft_id)
    assert (invoice.amount, invoice.description) == (150_050, "Выезд мастера")
    assert (invoice.contract_number, invoice.due_date) == (number, date(2026, 4, 1))
    assert (invoice.status, invoice.contract_id) == (InvoiceStatus.PENDING, None)
    assert len(applied.state.invoices) == 2
    assert f"Выставлен счёт по договору {number}: 1500.50 ₽. Оплатите до 01.04.2026" in await desk.messages(client)


async def test_a_bill_beside_the_contracts_own_does_not_keep_a_client_from_being_finished(
    desk: OnboardingSetup,
) -> None:
    client = await desk.signed()
    desk.clock.now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    await desk.do(desk.invoices.bill, client, bill((await desk.contract(client)).number))
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": None})
    assert applied.state.status is Status.PROCESSED
    applied = await desk.do(desk.payments.confirm_payment, client, {"amount": 150_050})
    assert applied.state.invoices == ()
    assert applied.state.status is Status.PROCESSED


async def test_only_a_contract_of_this_client_can_be_billed(desk: OnboardingSetup) -> None:
    client, other = await desk.new_client(), await desk.new_client()
    foreign = await make_contract(desk.sessions, desk.keyring, other)
    for number in (foreign.number, "АА-260101-01"):
        refusal = await desk.refused(InvalidValue, desk.invoices.bill, client, bill(number))
        assert refusal.extra["errors"] == [{"loc": ["body", "contract_number"], "msg": refusal.detail}]
    assert await desk.bills(client) == []


@pytest.mark.parametrize(
    ("due", "reminded"), [("2026-03-02", True), ("2026-03-03", True), ("2026-03-04", False), ("2026-02-01", True)]
)
async def test_for_a_near_date_the_bill_itself_reminds_enough(desk: OnboardingSetup, due: str, reminded: bool) -> None:
    client = await desk.new_client()
    contract = await make_contract(desk.sessions, desk.keyring, client)
    applied = await desk.do(desk.invoices.bill, client, bill(contract.number, due))
    assert [invoice.reminded for invoice in applied.state.invoices] == [reminded]


async def test_the_signing_ticket_is_made_by_the_first_message_in_it(desk: OnboardingSetup) -> None:
    client = await desk.new_client()
    contract = await make_contract(desk.sessions, desk.keyring, client)
    assert await desk.rows(SupportTicket) == []
    for _ in range(2):
        await desk.do(desk.invoices.bill, client, bill(contract.number))
    [ticket] = await desk.rows(SupportTicket)
    assert (ticket.user_id, ticket.subject, ticket.status) == (client.user_id, SIGNING, "open")
    assert (await desk.card(client)).support_ticket_id == ticket.id
    assert len(await desk.messages(client)) == 2
