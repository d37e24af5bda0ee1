"""Arguments and ids of the account and bot workflows; a module of its own, shared by all sandboxed instances."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from activities.channels.avito_keeper import AccountStanding


@dataclass(frozen=True)
class StartAccount:
    """`kept` and `kept_at` are carried over from the run before."""

    account_id: UUID
    sweep_seconds: int = 30
    kept: AccountStanding | None = None
    kept_at: datetime | None = None


@dataclass(frozen=True)
class StartBot:
    bot_id: UUID


def account_id(account: UUID) -> str:
    return f"account-{account}"


def bot_id(bot: UUID) -> str:
    return f"bot-{bot}"
