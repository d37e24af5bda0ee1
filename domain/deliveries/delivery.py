"""Deliveries to a person: the channels in order, what each attempt came to, and what is done next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias


class Channel(StrEnum):
    """Ways out of the house; `support_chat` is the client's own chat in his app."""

    SUPPORT_CHAT = "support_chat"
    SMS = "sms"
    TELEGRAM = "telegram"
    MAIL = "mail"


class Purpose(StrEnum):
    SIGNING_CODE = "signing_code"
    PHONE_CODE = "phone_code"
    EMAIL_CODE = "email_code"
    SIGNED_COPY = "signed_copy"
    OWNER_NOTE = "owner_note"


CODES: Final = frozenset({Purpose.SIGNING_CODE, Purpose.PHONE_CODE, Purpose.EMAIL_CODE})


class DeliveryState(StrEnum):
    """Of a delivery as a whole; `unknown`: no channel has confirmed it, and at least one may have sent it."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AttemptState(StrEnum):
    """Of the attempt by one channel.

    `claimed`: the call runs, or its process died in it. `not_done`: nothing was sent, it may be tried again.
    `rejected`: the channel refused. `unreachable`: not even tried. `undelivered`: sent, and reported as not delivered.
    """

    CLAIMED = "claimed"
    NOT_DONE = "not_done"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why an attempt or a delivery came to nothing; without personal data, for staff and operators."""

    CHANNEL_OFF = "channel-off"
    PHONE_UNCONFIRMED = "phone-unconfirmed"
    TELEGRAM_UNLINKED = "telegram-unlinked"
    EMAIL_UNCONFIRMED = "email-unconfirmed"
    NO_CHAT = "no-chat"
    NO_ANSWER = "no-answer"
    TOO_MANY = "too-many"
    ACCOUNT = "carrier-account"
    REFUSED = "refused"
    ANSWER_LOST = "answer-lost"
    UNDELIVERED = "undelivered"
    FILE_MISSING = "file-missing"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ReceiptState(StrEnum):
    """What a channel reports of a message that it has taken."""

    PENDING = "pending"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


ARRIVED: Final = frozenset({AttemptState.SENT, AttemptState.DELIVERED})
"""Attempts after which no other channel is used."""

PATIENCE_FOR_CODES: Final = timedelta(seconds=40)
PATIENCE: Final = timedelta(days=3)
"""How long a channel that sends nothing is tried again before the next one is used."""

FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(minutes=15)

FIRST_RECEIPT: Final = timedelta(seconds=5)
LONGEST_BETWEEN_RECEIPTS: Final = timedelta(hours=1)
RECEIPTS_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Tried:
    """The attempt by one channel; `retry_at` of one that is not done."""

    channel: Channel
    state: AttemptState
    first_at: datetime
    retry_at: datetime | None = None


@dataclass(frozen=True)
class Try:
    """Send by this channel now."""

    channel: Channel


@dataclass(frozen=True)
class Wait:
    """Ask again at this time."""

    until: datetime


@dataclass(frozen=True)
class Over:
    """Nothing more is sent; `reason` of a failure that belongs to no channel."""

    state: DeliveryState
    reason: Reason | None = None


Move: TypeAlias = Try | Wait | Over


def next_move(
    channels: Sequence[Channel], tried: Iterable[Tried], expires_at: datetime | None, purpose: Purpose, now: datetime
) -> Move:
    """The first channel that may still be used; each channel sends at most once.

    A `claimed` attempt counts as unknown: only one process works on a delivery, so the one that claimed it has died.
    """
    known = {one.channel: one for one in tried}
    if any(one.state in ARRIVED for one in known.values()):
        delivered = any(one.state is AttemptState.DELIVERED for one in known.values())
        return Over(DeliveryState.DELIVERED if delivered else DeliveryState.SENT)
    if expires_at is not None and now >= expires_at:
        return Over(_lost(known.values()), Reason.EXPIRED)
    for channel in channels:
        attempt = known.get(channel)
        if attempt is None:
            return Try(channel)
        if attempt.state is AttemptState.NOT_DONE and now < attempt.first_at + patience(purpose):
            until = attempt.retry_at or now
            if until <= now:
                return Try(channel)
            if until < attempt.first_at + patience(purpose):
                return Wait(min(until, expires_at) if expires_at else until)
    return Over(_lost(known.values()))


def patience(purpose: Purpose) -> timedelta:
    """A person waits for a code; a copy or a note may come later."""
    return PATIENCE_FOR_CODES if purpose in CODES else PATIENCE


def pause_after(tries: int) -> timedelta:
    """The pause before the next try of one channel: doubled with each, from 2 s to 15 min."""
    return min(FIRST_PAUSE * (1 << min(max(tries - 1, 0), 20)), LONGEST_PAUSE)


def next_receipt(sent_at: datetime, asked: int) -> datetime | None:
    """When a channel is asked for its receipt for the next time; None after a day."""
    pauses = (min(FIRST_RECEIPT * (1 << min(number, 20)), LONGEST_BETWEEN_RECEIPTS) for number in range(asked + 1))
    at = sent_at + sum(pauses, timedelta())
    return at if at <= sent_at + RECEIPTS_FOR else None


def _lost(tried: Iterable[Tried]) -> DeliveryState:
    unsure = any(one.state in (AttemptState.UNKNOWN, AttemptState.CLAIMED) for one in tried)
    return DeliveryState.UNKNOWN if unsure else DeliveryState.FAILED
