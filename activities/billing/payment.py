"""Payments: confirmation of the oldest open invoice."""

from temporalio import activity

from activities.billing.invoice import settle_status
from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from domain.billing.refusals import AmountMismatch
from domain.clients.status import ClientStatus
from domain.contracts.refusals import NotSigned
from domain.contracts.status import ContractStatus
from domain.kernel.money import show_amount
from models import Contract, Invoice
from models.billing.invoice import InvoiceStatus


class PaymentActivities(ClientActivities):
    @activity.defn
    async def confirm_payment(self, command: ClientCommand) -> ClientApplied:
        """Mark the oldest open invoice as paid; does nothing if no invoice is open.

        Raises `AmountMismatch` for another amount, and `NotSigned` before any signature.
        """
        return await self.steps.write(command, self._confirm)

    async def _confirm(self, step: ClientStep) -> None:
        invoices = await Invoice.open_of(step.session, step.client.id)
        if not invoices:
            return
        if not any(one.status is ContractStatus.SIGNED for one in await Contract.all_of(step.session, step.client.id)):
            raise NotSigned("Оплату можно подтвердить только после подписания договора.")
        oldest, amount = invoices[0], step.payload["amount"]
        if amount is not None and amount != oldest.amount:
            raise AmountMismatch(f"Сумма не совпадает со счётом: выставлено {show_amount(oldest.amount)}.")
        oldest.status, oldest.paid_at, oldest.confirmed_by_id = InvoiceStatus.PAID, step.at, step.actor.id
        if oldest.contract_id is not None:
            contract = await step.session.get_one(Contract, oldest.contract_id)
            contract.payment_confirmed_at = step.at
        step.record("payment-confirmed", invoice_id=str(oldest.id), amount=oldest.amount)
        if step.client.status is ClientStatus.AWAITING_PAYMENT:
            await settle_status(step)
