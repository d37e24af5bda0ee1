"""Commands to a client's workflow and what their callers are told."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from activities.kernel.command import Applied
from domain.kernel.actor import Actor
from domain.onboarding.process import OnboardingState


@dataclass(frozen=True)
class ClientCommand:
    """A write to a client, or to the contract of his that is named."""

    client_id: UUID
    draft_id: UUID
    actor: Actor
    contract_id: UUID | None = None

    @property
    def key(self) -> UUID:
        return self.client_id


@dataclass(frozen=True)
class ClientOutcome:
    """`sent` and `retry_after` (seconds) of a code, the contract that was made."""

    sent: bool | None = None
    retry_after: int | None = None
    contract_id: UUID | None = None


ClientApplied: TypeAlias = Applied[OnboardingState, ClientOutcome]
