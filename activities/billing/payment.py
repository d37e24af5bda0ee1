"""Payments: each is for one invoice, which it names."""

from typing import Final
from uuid import UUID

from temporalio import activity

from activities.billing.invoice import settle_status
from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from domain.billing.refusals import AmountMismatch, InvoiceCanceled
from domain.clients.status import ClientStatus
from domain.contracts.refusals import NotSigned
from domain.contracts.status import ContractStatus
from domain.kernel.money import show_amount
from domain.kernel.refusal import found
from models import Contract, Invoice
from models.billing.invoice import InvoiceStatus

NO_INVOICE: Final = "Такого счёта у клиента нет."


class PaymentActivities(ClientActivities):
    @activity.defn
    async def confirm_payment(self, command: ClientCommand) -> ClientApplied:
        """Mark the named invoice as paid, or the oldest open one; does nothing if it is paid or none is open.

        Raises `AmountMismatch` for another amount, `NotSigned` before any signature, `NotFound` for an invoice of
        another client, and `InvoiceCanceled`.
        """
        return await self.steps.write(command, self._confirm)

    async def _confirm(self, step: ClientStep) -> None:
        invoice = await self._meant(step)
        if invoice is None:
            return
        if not any(one.status is ContractStatus.SIGNED for one in await Contract.all_of(step.session, step.client.id)):
            raise NotSigned("Оплату можно подтвердить только после подписания договора.")
        amount = step.payload["amount"]
        if amount is not None and amount != invoice.amount:
            raise AmountMismatch(
                f"Сумма не совпадает со счётом по договору {invoice.contract_number}: "
                f"выставлено {show_amount(invoice.amount)}."
            )
        invoice.status, invoice.paid_at, invoice.confirmed_by_id = InvoiceStatus.PAID, step.at, step.actor.id
        if invoice.contract_id is not None:
            contract = await step.session.get_one(Contract, invoice.contract_id)
            contract.payment_confirmed_at = step.at
        step.record(
            "payment-confirmed", invoice_id=str(invoice.id), number=invoice.contract_number, amount=invoice.amount
        )
        if step.client.status is ClientStatus.AWAITING_PAYMENT:
            await settle_status(step)

    async def _meant(self, step: ClientStep) -> Invoice | None:
        """The open invoice to pay. Drafts of earlier releases name none."""
        named = step.payload.get("invoice_id")
        if named is None:
            return next(iter(await Invoice.open_of(step.session, step.client.id)), None)
        invoice = found(await Invoice.owned(step.session, UUID(named), step.client.id), NO_INVOICE)
        if invoice.status is InvoiceStatus.CANCELED:
            raise InvoiceCanceled(f"Счёт по договору {invoice.contract_number} отменён, оплатить его нельзя.")
        return None if invoice.status is InvoiceStatus.PAID else invoice
