"""Sends what is due of one delivery: each channel once, and asks channels what became of their message."""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from temporalio import activity

from activities.deliveries.carrier import Carrier, File, Outgoing, Receipt
from activities.deliveries.ledger import Ledger
from activities.deliveries.messages import Claimed, DeliveryStanding, Outcome, ReceiptDue
from domain.deliveries.delivery import AttemptState, Channel, Reason
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.outcome import NotDone, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage
from models import Delivery
from models.deliveries.delivery import LETTER
from models.kernel.columns import unseal
from models.kernel.database import Sessions

CALL_SECONDS: Final = 25
LETTER_SECONDS: Final = 150
"""Limits of one call to a channel, for a code and for a letter with files; what takes longer counts as unknown."""

LARGEST_FILE: Final = 50 * 1024 * 1024


class DeliveryActivities:
    """`carriers` are the channels that are on; the chat is always."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        carriers: Mapping[Channel, Carrier],
        storage: Storage,
        now: Clock,
        seconds: float = CALL_SECONDS,
    ) -> None:
        self.sessions, self.keyring, self.carriers, self.storage = sessions, keyring, carriers, storage
        self.seconds = seconds
        self.ledger = Ledger(sessions, keyring, carriers, now)

    @activity.defn
    async def deliver(self, delivery_id: UUID) -> DeliveryStanding:
        """Do what is due now, one call after the other; safe to repeat, also while an earlier call still runs.

        An error that is no outcome of a call ends the activity; its repeat takes the claimed attempt for unknown.
        """
        files = await self._files(delivery_id)
        while True:
            step = await self.ledger.next(delivery_id)
            if isinstance(step, DeliveryStanding):
                return step
            if isinstance(step, ReceiptDue):
                await self.ledger.note_receipt(step, await self._ask(step))
            else:
                await self.ledger.settle(step, await self._send(step, files))

    async def _files(self, delivery_id: UUID) -> tuple[File, ...]:
        """Read before an attempt is claimed: a store that does not answer is no fault of a channel."""
        async with self.sessions() as session:
            delivery = await session.get(Delivery, delivery_id)
        if delivery is None or delivery.due_at is None:
            return ()
        try:
            return tuple(
                [
                    File(one["name"], one["content_type"], await self.storage.get(one["key"], LARGEST_FILE))
                    for one in delivery.attachments
                ]
            )
        except (ObjectMissing, ObjectTooLarge):
            await self.ledger.fail(delivery_id, Reason.FILE_MISSING)
            return ()

    async def _send(self, claimed: Claimed, files: tuple[File, ...]) -> Outcome:
        delivery, carrier = claimed.delivery, self.carriers[claimed.channel]
        letter = unseal(self.keyring, LETTER, delivery.letter)
        text = letter["text"]
        outgoing = Outgoing(
            delivery.id,
            delivery.purpose,
            claimed.address,
            letter["subject"],
            text,
            letter["short"] or text,
            letter["html"],
            files,
        )
        try:
            async with asyncio.timeout(LETTER_SECONDS if delivery.attachments else self.seconds):
                return Outcome(AttemptState.SENT, provider_id=await carrier.send(outgoing))
        except TooMany as busy:
            return Outcome(AttemptState.NOT_DONE, Reason.TOO_MANY, retry_after=busy.retry_after)
        except NotDone:
            return Outcome(AttemptState.NOT_DONE, Reason.NO_ANSWER)
        except (Unauthorised, PaymentRequired) as refused:
            activity.logger.error("%s refuses our account: %s", claimed.channel.value, refused.status)
            return Outcome(AttemptState.REJECTED, Reason.ACCOUNT, provider_status=refused.status)
        except Rejected as refused:
            return Outcome(AttemptState.REJECTED, Reason.REFUSED, provider_status=refused.status)
        except (Unknown, TimeoutError):
            return Outcome(AttemptState.UNKNOWN, Reason.ANSWER_LOST)

    async def _ask(self, due: ReceiptDue) -> Receipt | None:
        """A question that fails is asked again at the next time."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self.carriers[due.channel].receipt(due.provider_id)
        except (NotDone, Unknown, Rejected, TimeoutError):
            return None
