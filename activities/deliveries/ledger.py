"""The rows of a delivery: an attempt is claimed before a call and settled after it.

Each method is one transaction under the locks of the client and of the delivery. Killed before a claim: nothing has
happened. Killed after it: the attempt is unknown, and its channel is not used again. Killed after settling: the next
run finds what is left.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.deliveries.carrier import Carrier, Receipt
from activities.deliveries.chat import write_to_chat
from activities.deliveries.messages import Claimed, DeliveryStanding, Outcome, ReceiptDue
from activities.deliveries.reach import address_of
from activities.deliveries.trail import record
from domain.deliveries.delivery import (
    AttemptState,
    Channel,
    DeliveryState,
    Move,
    Over,
    Reason,
    ReceiptState,
    Tried,
    Wait,
    next_move,
    next_receipt,
    pause_after,
)
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from models import Client, Delivery, DeliveryAttempt
from models.deliveries.delivery import ADDRESS
from models.kernel.columns import seal
from models.kernel.database import Sessions

Next: TypeAlias = Claimed | ReceiptDue | DeliveryStanding


@dataclass(frozen=True)
class Opened:
    """The locked rows of a delivery in an open transaction."""

    session: AsyncSession
    client: Client | None
    delivery: Delivery
    attempts: dict[Channel, DeliveryAttempt]

    def standing(self) -> DeliveryStanding:
        delivery = self.delivery
        return DeliveryStanding(
            delivery.state,
            delivery.due_at,
            delivery.client_id,
            delivery.purpose,
            delivery.reason,
            tuple((one.channel.value, one.state.value, one.reason) for one in self.attempts.values()),
        )


class Ledger:
    def __init__(self, sessions: Sessions, keyring: Keyring, carriers: Mapping[Channel, Carrier], now: Clock) -> None:
        self.sessions, self.keyring, self.carriers, self.now = sessions, keyring, carriers, now

    async def next(self, delivery_id: UUID) -> Next:
        """Claim the next attempt, or name the next receipt to ask for, or tell until when nothing is to be done."""
        async with self._opened(delivery_id) as opened:
            if opened is None:
                return DeliveryStanding()
            opened.delivery.started_at = opened.delivery.started_at or self.now()
            for attempt in opened.attempts.values():
                if attempt.state is AttemptState.CLAIMED:
                    attempt.state, attempt.reason = AttemptState.UNKNOWN, Reason.ANSWER_LOST
            while True:
                move = self._move(opened)
                if isinstance(move, Over):
                    return self._end(opened, move)
                if isinstance(move, Wait):
                    opened.delivery.due_at = move.until
                    return opened.standing()
                if (claimed := await self._try(opened, move.channel)) is not None:
                    return claimed

    async def settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Store how a try ended. A late answer, after the attempt has been given up as unknown, is taken if it sent."""
        async with self._opened(claimed.delivery.id) as opened:
            attempt = opened.attempts.get(claimed.channel) if opened is not None else None
            if opened is None or attempt is None or attempt.tries != claimed.tries:
                return
            late = attempt.state is AttemptState.UNKNOWN and outcome.state is AttemptState.SENT
            if attempt.state is not AttemptState.CLAIMED and not late:
                return
            attempt.state, attempt.reason = outcome.state, outcome.reason
            attempt.provider_status = outcome.provider_status
            if outcome.state is AttemptState.SENT:
                self._sent(opened, attempt, outcome.provider_id or "")
            elif outcome.state is AttemptState.NOT_DONE:
                wait = timedelta(seconds=outcome.retry_after or 0.0)
                attempt.retry_at = self.now() + max(pause_after(attempt.tries), wait)

    async def note_receipt(self, due: ReceiptDue, receipt: Receipt | None) -> None:
        """Store what the channel says of a message; None if it says nothing. A repeated receipt changes nothing."""
        async with self._opened(due.delivery_id) as opened:
            attempt = opened.attempts.get(due.channel) if opened is not None else None
            if opened is None or attempt is None or attempt.state is not AttemptState.SENT:
                return
            now = self.now()
            attempt.receipts_asked, attempt.asked_at = attempt.receipts_asked + 1, now
            if receipt is None or receipt.state is ReceiptState.PENDING:
                return
            if receipt.state is ReceiptState.UNDELIVERED:
                attempt.state, attempt.reason = AttemptState.UNDELIVERED, Reason.UNDELIVERED
                return
            attempt.state, attempt.reason = AttemptState.DELIVERED, None
            attempt.delivered_at = max(min(receipt.at or now, now), attempt.sent_at or attempt.at)
            record(
                opened.session,
                self.keyring,
                opened.client,
                opened.delivery,
                "delivered",
                now,
                channel=attempt.channel.value,
            )

    async def fail(self, delivery_id: UUID, reason: Reason) -> None:
        """End a delivery that no channel can make, for example because its file is gone."""
        async with self._opened(delivery_id) as opened:
            if opened is not None and opened.delivery.state is DeliveryState.PENDING:
                opened.delivery.expires_at, opened.delivery.reason = self.now(), reason

    @asynccontextmanager
    async def _opened(self, delivery_id: UUID) -> AsyncIterator[Opened | None]:
        """The client is locked first, as by every write to him."""
        async with self.sessions.begin() as session:
            client_id = await Delivery.client_of(session, delivery_id)
            client = await Client.locked(session, client_id) if client_id is not None else None
            delivery = await Delivery.locked(session, delivery_id)
            if delivery is None:
                yield None
                return
            attempts = await DeliveryAttempt.of(session, delivery_id)
            yield Opened(session, client, delivery, {one.channel: one for one in attempts})

    def _move(self, opened: Opened) -> Move:
        delivery = opened.delivery
        tried = [Tried(one.channel, one.state, one.at, one.retry_at) for one in opened.attempts.values()]
        channels = [Channel(name) for name in delivery.channels]
        return next_move(channels, tried, delivery.expires_at, delivery.purpose, self.now())

    async def _try(self, opened: Opened, channel: Channel) -> Claimed | None:
        """Claim an attempt; None if the channel is out of reach, or if it is the chat, which is written at once."""
        attempt, now = opened.attempts.get(channel), self.now()
        if attempt is None:
            attempt = DeliveryAttempt(
                id=uuid5(opened.delivery.id, channel.value),
                delivery_id=opened.delivery.id,
                channel=channel,
                state=AttemptState.CLAIMED,
                at=now,
                tried_at=now,
            )
            opened.session.add(attempt)
            opened.attempts[channel] = attempt
        address = await self._address(opened, channel)
        if isinstance(address, Reason):
            attempt.state, attempt.reason, attempt.retry_at = AttemptState.UNREACHABLE, address, None
            return None
        attempt.state, attempt.reason, attempt.retry_at = AttemptState.CLAIMED, None, None
        attempt.tries, attempt.tried_at = attempt.tries + 1, now
        if channel is Channel.SUPPORT_CHAT and opened.client is not None:
            message_id = await write_to_chat(
                opened.session, self.keyring, opened.client, opened.delivery, attempt.id, now
            )
            self._sent(opened, attempt, str(message_id))
            return None
        attempt.address, opened.delivery.due_at = seal(self.keyring, ADDRESS, address), now
        return Claimed(opened.delivery, channel, address, attempt.tries)

    async def _address(self, opened: Opened, channel: Channel) -> str | Reason:
        """A channel that is off is named as such only for a person whom it could reach."""
        address = await address_of(opened.session, self.keyring, opened.delivery, channel)
        off = channel is not Channel.SUPPORT_CHAT and channel not in self.carriers
        return Reason.CHANNEL_OFF if off else address

    def _sent(self, opened: Opened, attempt: DeliveryAttempt, provider_id: str) -> None:
        now, expires_at = self.now(), opened.delivery.expires_at
        attempt.state, attempt.provider_id, attempt.sent_at = AttemptState.SENT, provider_id[:255], now
        details = {"channel": attempt.channel.value}
        if expires_at is not None:
            details["expires_at"] = expires_at.isoformat()
        record(opened.session, self.keyring, opened.client, opened.delivery, "sent", now, **details)

    def _end(self, opened: Opened, move: Over) -> Next:
        """Settle the delivery, and name the receipt that is due, if any."""
        delivery, now = opened.delivery, self.now()
        if delivery.state is not move.state:
            delivery.state, delivery.settled_at = move.state, now
            lost = move.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
            delivery.reason = _reason(opened, move) if lost else None
            if lost and delivery.reason is not Reason.WITHDRAWN:
                said = "undelivered" if move.state is DeliveryState.FAILED else "unconfirmed"
                record(opened.session, self.keyring, opened.client, delivery, said, now, reason=str(delivery.reason))
        due = [
            (at, one)
            for one in opened.attempts.values()
            if one.state is AttemptState.SENT and (at := self._receipt_at(one)) is not None
        ]
        delivery.due_at = min((at for at, _ in due), default=None)
        for at, attempt in due:
            if at <= now:
                return ReceiptDue(delivery.id, attempt.channel, attempt.provider_id or "")
        return opened.standing()

    def _receipt_at(self, attempt: DeliveryAttempt) -> datetime | None:
        carrier = self.carriers.get(attempt.channel)
        if carrier is None or not carrier.gives_receipts or not attempt.provider_id or attempt.sent_at is None:
            return None
        return next_receipt(attempt.sent_at, attempt.receipts_asked)


def _reason(opened: Opened, move: Over) -> Reason | None:
    """Why nothing was sent: a withdrawal or a fault of the delivery itself, else what the last channel says."""
    if opened.delivery.reason is not None:
        return opened.delivery.reason
    told = [one.reason for one in opened.attempts.values() if one.reason is not None]
    return told[-1] if told else move.reason
