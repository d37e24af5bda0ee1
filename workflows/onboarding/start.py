"""Arguments of the onboarding workflow.

In a module of their own, which the sandbox shares between all workflows: a type that each instance had for itself would
cost each a type adapter of its own, which takes milliseconds to build and more memory than the rest of the workflow.
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StartOnboarding:
    """`trash` are keys of objects that the run before this one had still to delete."""

    client_id: UUID
    trash: tuple[str, ...] = ()


def onboarding_id(client_id: UUID) -> str:
    return f"onboarding-{client_id}"
