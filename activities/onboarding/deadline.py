"""What happens when a deadline comes: each looks at the rows again, so a repeat or a late one changes nothing."""

from functools import partial
from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.contract import void
from activities.kernel.step import Effect
from activities.support.notices import tell_client, tell_manager
from domain.billing.invoice import overdue_at, reminder_message
from domain.kernel.actor import SYSTEM
from domain.onboarding.deadline import Deadline, Due, deadlines
from models import Code, Contract, Invoice
from models.billing.invoice import InvoiceStatus
from models.onboarding.state import read_state


class DeadlineActivities:
    def __init__(self, steps: ClientSteps) -> None:
        self.steps = steps
        self._effects: dict[Due, Effect[ClientStep]] = {
            Due.CODE_EXPIRES: self._expire_code,
            Due.REMIND_CLIENT_OF_OFFER: self._remind_client,
            Due.REMIND_MANAGER_OF_OFFER: self._remind_manager,
            Due.OFFER_EXPIRES: self._end_offer,
            Due.REMIND_OF_INVOICE: self._remind_of_invoice,
            Due.INVOICE_OVERDUE: self._invoice_overdue,
            Due.OFFER_BACK: self._offer_back,
        }

    @activity.defn
    async def fall_due(self, client_id: UUID, deadline: Deadline) -> ClientApplied:
        """Do what is due to the contract, invoice or client that the deadline names."""
        purpose = f"{deadline.due}-{deadline.at.isoformat()}"
        return await self.steps.act(client_id, deadline.subject, purpose, partial(self._meet, deadline), SYSTEM)

    async def _meet(self, deadline: Deadline, step: ClientStep) -> None:
        """Unless the rows say that it was met, overtaken by a step or put off."""
        state = await read_state(step.session, step.client, self.steps.zone)
        coming = (one for one in deadlines(state) if (one.due, one.subject) == (deadline.due, deadline.subject))
        if any(one.at <= deadline.at for one in coming):
            await self._effects[deadline.due](step)

    async def _expire_code(self, step: ClientStep) -> None:
        code = await Code.newest(step.session, step.about)
        if code is not None:
            code.expiry_noted_at = step.at
            step.record("code-expired", contract_id=str(step.about))

    async def _remind_client(self, step: ClientStep) -> None:
        contract = await step.session.get_one(Contract, step.about)
        contract.client_reminded_at = step.at
        if _offer_stands(contract, step) and not contract.is_outdated(step.client):
            await tell_client(
                step, "reminder", f"Договор {contract.number} ждёт вашей подписи. Подписать его можно в приложении."
            )
            step.record("client-reminded", contract_id=str(step.about))

    async def _remind_manager(self, step: ClientStep) -> None:
        contract = await step.session.get_one(Contract, step.about)
        contract.manager_reminded_at = step.at
        if _offer_stands(contract, step):
            await tell_manager(
                step,
                f"Клиент ещё не подписал договор {contract.number}. Свяжитесь с ним: скоро срок предложения истечёт.",
            )
            step.record("manager-reminded", contract_id=str(step.about))

    async def _end_offer(self, step: ClientStep) -> None:
        contract = await step.session.get_one(Contract, step.about)
        void(step, contract, "Истёк срок предложения")
        step.client.last_step_at = step.at
        await tell_client(
            step,
            "lapsed",
            f"Срок подписания договора {contract.number} истёк. Для нового договора обратитесь к менеджеру.",
        )
        await tell_manager(step, f"Договор {contract.number} не подписан в срок и аннулирован.")

    async def _remind_of_invoice(self, step: ClientStep) -> None:
        invoice = await step.session.get_one(Invoice, step.about)
        invoice.reminded_at = step.at
        if step.at < overdue_at(invoice.due_date, self.steps.zone):
            await tell_client(
                step, "reminder", reminder_message(invoice.contract_number, invoice.amount, invoice.due_date)
            )
            step.record("invoice-reminded", invoice_id=str(step.about))

    async def _invoice_overdue(self, step: ClientStep) -> None:
        invoice = await step.session.get_one(Invoice, step.about)
        invoice.status = InvoiceStatus.OVERDUE
        await tell_manager(step, f"Счёт по договору {invoice.contract_number} просрочен.")
        step.record("invoice-overdue", invoice_id=str(step.about))

    async def _offer_back(self, step: ClientStep) -> None:
        await tell_manager(step, "Три дня с клиентом ничего не происходило. Он возвращён в «Новые».")
        step.client.assigned_manager_id, step.client.last_step_at = None, None
        step.record("client-offered-back")


def _offer_stands(contract: Contract, step: ClientStep) -> bool:
    """After a long silence of ours a reminder comes together with the end: then only the end is told."""
    return contract.offer_expires_at is not None and step.at < contract.offer_expires_at
