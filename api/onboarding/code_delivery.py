"""By which way the newest code goes to the client, and why it does not: for staff, without digits and address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from api.http.shapes import Moment, Shape
from domain.deliveries.delivery import ARRIVED, AttemptState, Channel, DeliveryState, Reason
from domain.deliveries.wording import code_hint
from domain.kernel.crypto import CannotDecrypt, Keyring
from domain.kernel.phone import Phone, mask_phone
from models.deliveries.delivery import ADDRESS
from models.kernel.columns import unseal

HEX: Final = "\\x"
"""Before bytes in PostgreSQL's JSON."""


class CodeDelivery(Shape):
    channel: Channel | None = Field(description="Which took it; otherwise the one that was tried last.")
    state: DeliveryState
    sent_at: Moment | None
    delivered_at: Moment | None = Field(description="By the channel's receipt; of the chat: when it was first shown.")
    expires_at: Moment | None
    reason: Reason | None
    to: str | None = Field(description="Masked.", examples=["+7 9•• •••-••-67"])
    hint: str | None = Field(description="Why it has not gone out and what to do, in Russian.")


def code_delivery(row: Mapping[str, Any], keyring: Keyring, *, whole: bool) -> CodeDelivery | None:
    """Of the row of a card; None without a code, and for one of earlier releases. `whole`: with the masked address."""
    if row["delivery_state"] is None:
        return None
    state = DeliveryState(row["delivery_state"])
    reason = Reason(row["delivery_reason"]) if row["delivery_reason"] else None
    order = [Channel(name) for name in row["delivery_channels"]]
    attempts = sorted(row["delivery_attempts"] or [], key=lambda one: order.index(Channel(one["channel"])))
    shown = next((one for one in reversed(attempts) if AttemptState(one["state"]) in ARRIVED), None)
    shown = shown or (attempts[-1] if attempts else None)
    tale = [
        (Channel(one["channel"]), AttemptState(one["state"]), Reason(one["reason"]) if one["reason"] else None)
        for one in attempts
    ]
    return CodeDelivery(
        channel=shown["channel"] if shown else None,
        state=state,
        sent_at=_moment(shown, "sent_at"),
        delivered_at=_moment(shown, "delivered_at"),
        expires_at=row["delivery_expires_at"],
        reason=reason,
        to=_masked(shown, keyring) if shown and whole else None,
        hint=code_hint(state, reason, tale),
    )


def _moment(attempt: Mapping[str, Any] | None, name: str) -> datetime | None:
    return datetime.fromisoformat(attempt[name]) if attempt and attempt[name] else None


def _masked(attempt: Mapping[str, Any], keyring: Keyring) -> str | None:
    """Of a phone and a mail as much as its owner recognises; of Telegram nothing."""
    channel, stored = Channel(attempt["channel"]), attempt["address"]
    if not stored or channel not in (Channel.SMS, Channel.MAIL):
        return None
    try:
        address = str(unseal(keyring, ADDRESS, bytes.fromhex(stored.removeprefix(HEX))))
    except CannotDecrypt:
        return None
    if channel is Channel.SMS:
        return mask_phone(Phone(address))
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"
