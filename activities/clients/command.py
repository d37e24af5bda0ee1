"""Commands to a client's workflow, and their outcomes."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from activities.kernel.command import Applied
from domain.kernel.actor import Actor
from domain.onboarding.process import OnboardingState


@dataclass(frozen=True)
class ClientCommand:
    """A write to a client, or to one of the client's contracts."""

    client_id: UUID
    draft_id: UUID
    actor: Actor
    contract_id: UUID | None = None

    @property
    def key(self) -> UUID:
        return self.client_id


@dataclass(frozen=True)
class ClientOutcome:
    """`sent` and `retry_after` (seconds) of a code request; `contract_id` of the generated contract."""

    sent: bool | None = None
    retry_after: int | None = None
    contract_id: UUID | None = None


ClientApplied: TypeAlias = Applied[OnboardingState, ClientOutcome]
