"""The card as a whole: process state, contact data and assigned manager."""

from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from activities.support.notices import tell_manager
from domain.clients.status import ClientStatus
from domain.kernel.phone import normalise_phone
from domain.kernel.refusal import FieldError, InvalidValue
from domain.onboarding.process import OnboardingState
from models import PassportRow
from models.clients.client import Contact
from models.clients.passport import SEALED
from models.kernel.columns import unseal
from models.onboarding.state import read_state

CONTACT = ("phone", "email", "name", "address")


class OnboardingActivities(ClientActivities):
    @activity.defn
    async def load_onboarding(self, client_id: UUID) -> OnboardingState:
        """Read the state when a workflow starts; notes on the card that it has a workflow."""
        async with self.steps.sessions.begin() as session:
            client = await self.steps.lock(session, client_id)
            client.workflow_seen_at = client.workflow_seen_at or self.steps.now()
            await session.flush()
            return await read_state(session, client, self.steps.zone)

    @activity.defn
    async def save_profile(self, command: ClientCommand) -> ClientApplied:
        """Save contact data of the card; phone and e-mail of the client's login do not change."""
        return await self.steps.write(command, self._save_profile)

    async def _save_profile(self, step: ClientStep) -> None:
        """Changes only the fields that were sent; the others keep their value, or that of the account."""
        client, sent = step.client, step.payload
        user, passport = await PassportRow.beside_user(step.session, client.user_id)
        changed = [name for name in CONTACT if name in sent and getattr(client, f"contact_{name}") != sent[name]]
        for name in changed:
            setattr(client, f"contact_{name}", sent[name])
        _check_contact(client.contact(user))
        if client.status is ClientStatus.NEW:
            client.status = ClientStatus.IN_VERIFICATION
        if changed:
            step.change_card()
        data = unseal(step.keyring, SEALED, passport.data) if passport else {}
        client.index(user, data.get("registration_address"))
        step.record("profile-saved", fields=changed)

    @activity.defn
    async def release_client(self, command: ClientCommand) -> ClientApplied:
        return await self.steps.apply(command, self._release)

    async def _release(self, step: ClientStep) -> None:
        step.client.assigned_manager_id = None
        step.client.last_step_at = None
        step.record("client-released")

    @activity.defn
    async def take_over_client(self, command: ClientCommand) -> ClientApplied:
        """Assign the client to the actor; logs the reason for the managers, and the previous manager in the trail."""
        return await self.steps.apply(command, self._take_over)

    async def _take_over(self, step: ClientStep) -> None:
        before = step.client.assigned_manager_id
        step.client.assigned_manager_id = step.actor.id
        step.client.last_step_at = step.at
        await tell_manager(step, f"Клиент взят другим менеджером. Причина: {step.payload['reason']}")
        step.record("client-taken-over", before=str(before) if before else None)


def _check_contact(contact: Contact) -> None:
    """Raises `InvalidValue` unless the card has a name and a valid phone; an adopted account may lack both."""
    errors: list[FieldError] = [
        {"loc": ["body", field], "msg": "Обязательное поле."}
        for field, value in (("phone", contact.phone), ("name", contact.name))
        if not value
    ]
    if errors:
        raise InvalidValue("Укажите телефон и имя клиента.", errors)
    try:
        normalise_phone(contact.phone or "")
    except InvalidValue as wrong:
        raise InvalidValue(wrong.detail, [{"loc": ["body", "phone"], "msg": wrong.detail}]) from None
