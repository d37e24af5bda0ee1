"""Effects of deadlines. Each checks the rows again, so a repeated or outdated deadline changes nothing."""

from functools import partial
from uuid import UUID

from temporalio import activity

from activities.billing.invoice import mark_overdue, remind_of_invoice
from activities.clients.command import ClientApplied
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.code import expire_code
from activities.contracts.offer import end_offer, remind_client, remind_manager
from activities.kernel.step import Effect
from activities.support.notices import tell_manager
from domain.kernel.actor import SYSTEM
from domain.onboarding.deadline import Deadline, Due, deadlines
from models.onboarding.state import read_state


class DeadlineActivities:
    def __init__(self, steps: ClientSteps) -> None:
        self.steps = steps
        self._effects: dict[Due, Effect[ClientStep]] = {
            Due.CODE_EXPIRES: expire_code,
            Due.REMIND_CLIENT_OF_OFFER: remind_client,
            Due.REMIND_MANAGER_OF_OFFER: remind_manager,
            Due.OFFER_EXPIRES: end_offer,
            Due.REMIND_OF_INVOICE: partial(remind_of_invoice, zone=steps.zone),
            Due.INVOICE_OVERDUE: mark_overdue,
            Due.OFFER_BACK: self._offer_back,
        }

    @activity.defn
    async def fall_due(self, client_id: UUID, deadline: Deadline) -> ClientApplied:
        """Apply the deadline's effect to its contract, invoice or client."""
        purpose = f"{deadline.due}-{deadline.at.isoformat()}"
        return await self.steps.act(client_id, deadline.subject, purpose, partial(self._meet, deadline), SYSTEM)

    async def _meet(self, deadline: Deadline, step: ClientStep) -> None:
        """Apply the effect unless the rows show that the deadline was met, cancelled or postponed."""
        state = await read_state(step.session, step.client, self.steps.zone)
        coming = (one for one in deadlines(state) if (one.due, one.subject) == (deadline.due, deadline.subject))
        if any(one.at <= deadline.at for one in coming):
            await self._effects[deadline.due](step)

    async def _offer_back(self, step: ClientStep) -> None:
        await tell_manager(step, "Три дня с клиентом ничего не происходило. Он возвращён в «Новые».")
        step.client.assigned_manager_id, step.client.last_step_at = None, None
        step.record("client-offered-back")
