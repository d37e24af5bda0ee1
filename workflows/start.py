"""What each kind of workflow is begun with: ids, and what a run before it knew.

In a module of their own, which the sandbox shares between all workflows: a type that each instance had for itself would
cost each an adapter of its own, which takes milliseconds to build and more memory than the rest of the workflow.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from activities.account import AccountStanding
from activities.conversation import Standing


@dataclass(frozen=True)
class StartOnboarding:
    """Begin, begin again or go on; `trash` are objects that a run before this one had still to delete."""

    client_id: UUID
    trash: tuple[str, ...] = ()


@dataclass(frozen=True)
class StartConversation:
    """Begin, begin again or go on: `standing`, `news` (sides) and `tries` are what a run before this one knew."""

    account_id: UUID
    chat_id: str
    standing: Standing | None = None
    news: tuple[str, ...] = ()
    tries: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StartAccount:
    """Begin or go on: `kept` and `kept_at` are what a run before this one found out."""

    account_id: UUID
    sweep_seconds: int = 30
    kept: AccountStanding | None = None
    kept_at: datetime | None = None


@dataclass(frozen=True)
class StartBot:
    bot_id: UUID
