"""The channel of SMS."""

import logging
from typing import Final

from activities.deliveries.carrier import Outgoing, Receipt
from domain.deliveries.delivery import CODES, ReceiptState
from gateways.outcome import PaymentRequired, Rejected, Unauthorised
from gateways.sms.client import ALARMS, SmsRu
from logs import FIELDS

log = logging.getLogger("privet.sms")

NOTE_MINUTES: Final = 24 * 60
"""How long the provider tries to reach a phone that is off, for what is no code."""


class SmsCarrier:
    """Its id of a message is the provider's. A code is not tried longer than it lives."""

    gives_receipts = True

    def __init__(self, sms: SmsRu, code_minutes: int) -> None:
        self.sms, self.code_minutes = sms, code_minutes

    async def send(self, message: Outgoing) -> str:
        """Raises the outcomes of `SmsRu.send`; what only the operator can put right is logged, without number and
        text."""
        minutes = self.code_minutes if message.purpose in CODES else NOTE_MINUTES
        try:
            return await self.sms.send(message.address, message.short, ttl_minutes=max(1, minutes))
        except (Unauthorised, PaymentRequired):  # logged with the delivery
            raise
        except Rejected as refused:
            if refused.status in ALARMS:
                log.error("the provider refuses our SMS, not the number", extra={FIELDS: {"code": refused.status}})
            raise

    async def receipt(self, provider_id: str) -> Receipt | None:
        status = await self.sms.status(provider_id)
        if status is None:
            return None
        if status.delivered:
            return Receipt(ReceiptState.DELIVERED)
        return Receipt(ReceiptState.UNDELIVERED if status.lost else ReceiptState.PENDING)
