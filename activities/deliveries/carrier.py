"""What every channel can do: take one message, and report what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.deliveries.delivery import Purpose, ReceiptState


@dataclass(frozen=True)
class File:
    """An attachment with its bytes."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One message to one address: ten digits of a phone, an e-mail address, or a Telegram user id.

    `id` is of the delivery: the same in every try. `short` is what fits an SMS, and equal to `text` if it was not
    written apart.
    """

    id: UUID
    purpose: Purpose
    address: str
    subject: str
    text: str
    short: str
    html: str | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """`at` is when it was delivered, by the channel's clock; None if it does not say."""

    state: ReceiptState
    at: datetime | None = None


class Carrier(Protocol):
    """One channel. `gives_receipts`: whether it is worth asking what became of a message."""

    @property
    def gives_receipts(self) -> bool: ...

    async def send(self, message: Outgoing) -> str:
        """Hand the message over, once; returns the channel's id of it, or an empty text.

        Raises `NotDone` (nothing was sent), `TooMany`, `Rejected` (refused for good) or `Unknown` (may have been sent).
        Any other error counts as `Unknown`.
        """

    async def receipt(self, provider_id: str) -> Receipt | None:
        """What became of the message; None if the channel does not know. Raises as `send`."""
