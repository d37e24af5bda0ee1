"""How a phone or an e-mail address of an account is confirmed, and what a session has proven."""

from datetime import datetime
from enum import StrEnum


class ConfirmedBy(StrEnum):
    """What vouches that the phone is the client's own."""

    SMS = "sms"
    """A one-time code that was sent to the number."""

    TELEGRAM = "telegram"
    """The client's own contact, whose number Telegram has verified."""


class ConfirmationKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


def has_proven(confirmed_at: datetime | None, proved_at: datetime | None) -> bool:
    """Whether a session has proven the phone that the account has now: a proof of an earlier number is older."""
    return confirmed_at is not None and proved_at is not None and proved_at >= confirmed_at
