"""The card as a whole: where its process stands, the contact data, who holds it."""

from uuid import UUID

from temporalio import activity

from activities.kernel.command import Applied, Command
from activities.kernel.step import Step, Steps
from activities.support.notices import tell_manager
from domain.clients.status import ClientStatus
from domain.kernel.refusal import NotFound
from domain.onboarding.process import OnboardingState
from models import Client, PassportRow
from models.clients.passport import SEALED
from models.kernel.columns import unseal
from models.onboarding.state import read_state

CONTACT = ("phone", "email", "name", "address")


class OnboardingActivities:
    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    @activity.defn
    async def load_onboarding(self, client_id: UUID) -> OnboardingState:
        """Begin, or begin again, from the rows; notes that the client has a workflow."""
        async with self.steps.sessions.begin() as session:
            client = await Client.locked(session, client_id)
            if client is None:
                raise NotFound("Клиент не найден.")
            client.workflow_seen_at = client.workflow_seen_at or self.steps.now()
            await session.flush()
            return await read_state(session, client, self.steps.zone)

    @activity.defn
    async def save_profile(self, command: Command) -> Applied:
        """Contact data of the card; the client's own log-in keeps its phone and e-mail."""
        return await self.steps.apply(command, self._save_profile)

    async def _save_profile(self, step: Step) -> None:
        client = step.client
        changed = [name for name in CONTACT if getattr(client, f"contact_{name}") != step.payload[name]]
        for name in CONTACT:
            setattr(client, f"contact_{name}", step.payload[name])
        if client.status is ClientStatus.NEW:
            client.status = ClientStatus.IN_VERIFICATION
        if changed:
            step.change_card()
        user, passport = await PassportRow.beside_user(step.session, client.user_id)
        data = unseal(self.steps.keyring, SEALED, passport.data) if passport else {}
        client.index(user, data.get("registration_address"))
        step.record("profile-saved", fields=changed)

    @activity.defn
    async def release_client(self, command: Command) -> Applied:
        return await self.steps.apply(command, self._release, takes=False)

    async def _release(self, step: Step) -> None:
        step.client.assigned_manager_id = None
        step.client.last_step_at = None
        step.record("client-released")

    @activity.defn
    async def take_over_client(self, command: Command) -> Applied:
        """The reason goes into the managers' log; the trail says from whom the client was taken."""
        return await self.steps.apply(command, self._take_over, takes=False)

    async def _take_over(self, step: Step) -> None:
        before = step.client.assigned_manager_id
        step.client.assigned_manager_id = step.actor.id
        step.client.last_step_at = step.at
        await tell_manager(step, f"Клиент взят другим менеджером. Причина: {step.payload['reason']}")
        step.record("client-taken-over", before=str(before) if before else None)
