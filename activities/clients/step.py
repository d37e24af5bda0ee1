"""Step on a client: locks the client's row, records events of the trail, returns the onboarding state."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.clients.command import ClientApplied, ClientCommand, ClientOutcome
from activities.kernel.step import Effect, Step, Steps
from domain.kernel.actor import ActorKind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import found
from domain.onboarding.process import OnboardingState, may_hold
from domain.onboarding.refusals import CardChanged
from models import Client, Draft, Event
from models.kernel.database import Sessions
from models.onboarding.state import read_state


@dataclass
class ClientStep(Step[Client, ClientOutcome]):
    events: int = 0

    @property
    def client(self) -> Client:
        return self.row

    def record(self, verb: str, **details: Any) -> None:
        """Add an event to the client's trail; no personal data in `details`."""
        self.events += 1
        event_id = self.id_for(f"event-{self.events}")
        Event.add(self.session, self.keyring, self.client, self.actor, verb, self.at, event_id, **details)

    def change_card(self) -> None:
        """Increase the card version when contract data changes: an unsigned contract and its code become outdated."""
        self.client.card_version += 1


class ClientSteps(Steps[Client, UUID, OnboardingState, ClientOutcome, ClientStep]):
    step, outcome = ClientStep, ClientOutcome

    def __init__(self, sessions: Sessions, keyring: Keyring, zone: ZoneInfo, now: Clock) -> None:
        super().__init__(sessions, keyring, now)
        self.zone = zone

    async def lock(self, session: AsyncSession, key: UUID) -> Client:
        return found(await Client.locked(session, key), "Клиент не найден.")

    async def lock_with_draft(self, session: AsyncSession, key: UUID, draft_id: UUID) -> tuple[Client, Draft] | None:
        return await Client.locked_with_draft(session, key, draft_id)

    async def read(self, session: AsyncSession, row: Client) -> OnboardingState:
        return await read_state(session, row, self.zone)

    def prepare(self, step: ClientStep, expected: int | None) -> None:
        """Raises `CardChanged` for another card version: the write could undo changes that the caller has not seen."""
        if expected not in (None, step.client.card_version):
            raise CardChanged(
                "Карточку изменили, пока вы её открывали. Посмотрите, что изменилось, и сохраните ещё раз.",
                card_version=step.client.card_version,
            )
        step.client.updated_at = step.at

    async def write(self, command: ClientCommand, effect: Effect[ClientStep]) -> ClientApplied:
        """`apply`; a manager's command also assigns an unassigned client to the manager."""
        return await self.apply(command, effect, before=_take)


class ClientActivities:
    """Effects on a client that need nothing but his steps."""

    def __init__(self, steps: ClientSteps) -> None:
        self.steps = steps


async def _take(step: ClientStep) -> None:
    """Checks the workflow's rule again under the row lock, and assigns an unassigned client."""
    if step.actor.kind is not ActorKind.MANAGER:
        return
    may_hold(step.client.assigned_manager_id, step.actor)
    if step.client.assigned_manager_id is None:
        step.client.assigned_manager_id = step.actor.id
        step.record("client-taken")
    step.client.last_step_at = step.at
