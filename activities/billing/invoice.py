"""Invoices of signed contracts, and invoices that a manager creates."""

from datetime import date, tzinfo

from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from activities.support.notices import tell_client, tell_manager
from domain.billing.invoice import bill_message, due_date, overdue_at, reminder_at, reminder_message
from domain.clients.status import ClientStatus
from domain.kernel.refusal import InvalidValue
from models import Contract, Invoice
from models.billing.invoice import InvoiceStatus


class InvoiceActivities(ClientActivities):
    @activity.defn
    async def bill(self, command: ClientCommand) -> ClientApplied:
        """Create an invoice with the id of the draft, and its message; a near due date gets no separate reminder."""
        return await self.steps.write(command, self._bill)

    async def _bill(self, step: ClientStep) -> None:
        number, due = step.payload["contract_number"], date.fromisoformat(step.payload["due_date"])
        contracts = await Contract.all_of(step.session, step.client.id)
        if not any(contract.number == number for contract in contracts):
            unknown = "У клиента нет договора с таким номером."
            raise InvalidValue(unknown, errors=[{"loc": ["body", "contract_number"], "msg": unknown}])
        step.session.add(
            Invoice(
                id=step.source,
                organisation_id=step.client.organisation_id,
                client_id=step.client.id,
                contract_number=number,
                amount=step.payload["amount"],
                description=step.payload["description"],
                due_date=due,
                status=InvoiceStatus.PENDING,
                reminded_at=step.at if reminder_at(due, self.steps.zone) <= step.at else None,
                created_at=step.at,
            )
        )
        await tell_client(step, "bill", bill_message(number, step.payload["amount"], due))
        step.record("invoice-issued", invoice_id=str(step.source), number=number, amount=step.payload["amount"])


async def issue_invoice(step: ClientStep, contract: Contract, zone: tzinfo) -> None:
    """Issue the invoice of a newly signed contract."""
    due = due_date(step.at, zone)
    step.session.add(
        Invoice(
            id=step.id_for("invoice"),
            organisation_id=step.client.organisation_id,
            client_id=step.client.id,
            contract_id=contract.id,
            contract_number=contract.number,
            amount=contract.total_fee,
            description=f"Оплата по договору {contract.number}",
            due_date=due,
            status=InvoiceStatus.PENDING,
            created_at=step.at,
        )
    )
    await tell_client(step, "bill", bill_message(contract.number, contract.total_fee, due))
    invoice_id = str(step.id_for("invoice"))
    step.record("invoice-issued", invoice_id=invoice_id, number=contract.number, amount=contract.total_fee)


async def settle_status(step: ClientStep) -> None:
    """Set the status after a signature: awaiting payment while a contract's invoice is open, else processed."""
    await step.session.flush()
    owed = [one for one in await Invoice.open_of(step.session, step.client.id) if one.contract_id is not None]
    step.client.status = ClientStatus.AWAITING_PAYMENT if owed else ClientStatus.PROCESSED


async def remind_of_invoice(step: ClientStep, zone: tzinfo) -> None:
    invoice = await step.session.get_one(Invoice, step.about)
    invoice.reminded_at = step.at
    if step.at < overdue_at(invoice.due_date, zone):
        await tell_client(step, "reminder", reminder_message(invoice.contract_number, invoice.amount, invoice.due_date))
        step.record("invoice-reminded", invoice_id=str(step.about))


async def mark_overdue(step: ClientStep) -> None:
    invoice = await step.session.get_one(Invoice, step.about)
    invoice.status = InvoiceStatus.OVERDUE
    await tell_manager(step, f"Счёт по договору {invoice.contract_number} просрочен.")
    step.record("invoice-overdue", invoice_id=str(step.about))
