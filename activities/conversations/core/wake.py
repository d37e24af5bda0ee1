"""What a stored row wakes: news for a conversation from one of its two sides, or an errand for a bot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class Side(StrEnum):
    """Where the news come from."""

    BUYER = "buyer"
    STAFF = "staff"


Wake: TypeAlias = Callable[[UUID, str, Side], Awaitable[None]]
"""Of (account, chat, side). RPCError or RuntimeError while Temporal is away: the row waits for the account's sweep."""

WakeBot: TypeAlias = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True)
class Woken:
    """A conversation with news."""

    account_id: UUID
    chat_id: str
    side: Side


@dataclass(frozen=True)
class WokenBot:
    """A bot with an errand."""

    bot_id: UUID
