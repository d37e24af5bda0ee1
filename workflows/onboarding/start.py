"""Arguments of the onboarding workflow.

A separate module, which the sandbox shares between all workflows: with types of its own, each instance would build
its own type adapters, which takes milliseconds and more memory than the rest of the workflow.
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StartOnboarding:
    """`trash`: keys of objects that the previous run has not deleted."""

    client_id: UUID
    trash: tuple[str, ...] = ()


def onboarding_id(client_id: UUID) -> str:
    return f"onboarding-{client_id}"
