"""News that wake a workflow: of a conversation from one of its sides, or a request to a bot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class Side(StrEnum):
    """Source of the news."""

    BUYER = "buyer"
    STAFF = "staff"


Wake: TypeAlias = Callable[[UUID, str, Side], Awaitable[None]]
"""Called with (account, chat, side). RPCError or RuntimeError while Temporal is away: the account's sweep repeats
it."""

WakeBot: TypeAlias = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True)
class Woken:
    """A conversation with news."""

    account_id: UUID
    chat_id: str
    side: Side


@dataclass(frozen=True)
class WokenBot:
    """A bot with a request."""

    bot_id: UUID
