"""What a write carries through the workflow, and what comes back: ids, statuses, times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.kernel.actor import Actor
from domain.onboarding.process import OnboardingState


@dataclass(frozen=True)
class Command:
    """Somebody wants something done to a client; what exactly stands sealed in the draft."""

    client_id: UUID
    draft_id: UUID
    actor: Actor
    contract_id: UUID | None = None


@dataclass(frozen=True)
class Outcome:
    """What the caller is told beside the card: `sent` and `retry_after` (seconds) of a code, the contract made."""

    sent: bool | None = None
    retry_after: int | None = None
    contract_id: UUID | None = None

    @classmethod
    def kept(cls, outcome: Mapping[str, Any]) -> "Outcome":
        """What a draft remembers of it, as JSON."""
        contract_id = outcome.get("contract_id")
        return cls(outcome.get("sent"), outcome.get("retry_after"), UUID(contract_id) if contract_id else None)


@dataclass(frozen=True)
class Applied:
    """Where the process stands after an effect; `trash` are objects that no row points to any more."""

    state: OnboardingState
    outcome: Outcome = field(default_factory=Outcome)
    trash: tuple[str, ...] = ()
