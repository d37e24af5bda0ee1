"""By which way a code goes to the client: into his chat at once, or by a delivery to what he has confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from activities.clients.step import ClientStep
from activities.deliveries.queue import Letter, NewDelivery, delivery_row
from activities.deliveries.reach import confirmed_address
from activities.support.notices import tell_client
from domain.contracts.code_message import code_subject, code_went_elsewhere, code_went_nowhere, short_code_message
from domain.contracts.signature import code_message, masked_code_message
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Purpose, Reason
from models import Contract, Delivery, DeliveryAttempt, User

NOTICE = "code"
"""Purpose of the one message in the chat that each code has."""


@dataclass(frozen=True)
class CodeChannels:
    """CODE_CHANNELS in order, and which of them have their settings; the chat needs none."""

    order: Sequence[Channel] = (Channel.SUPPORT_CHAT,)
    on: frozenset[Channel] = frozenset()


@dataclass(frozen=True)
class CodeLetter:
    """What the client has to read of a code of this contract."""

    contract: Contract
    digits: str
    lifetime: timedelta

    @property
    def minutes(self) -> int:
        return int(self.lifetime.total_seconds()) // 60

    def letter(self) -> Letter:
        contract, sha256 = self.contract, self.contract.sha256 or ""
        return Letter(
            subject=code_subject(contract.number),
            text=code_message(contract.number, self.digits, contract.total_fee, sha256, self.minutes),
            short=short_code_message(contract.number, self.digits, contract.total_fee),
            masked=masked_code_message(contract.number, contract.total_fee, sha256, self.minutes),
        )


async def deliver_code(step: ClientStep, channels: CodeChannels, code: CodeLetter) -> Delivery:
    """Add the delivery of a new code in the step's transaction, and a message in the client's chat.

    Earlier codes that have not gone out are not sent any more. The chat is written at once when no channel before it
    can reach the client; if none can at all, the delivery has failed, and the card says why.
    """
    user = await step.session.get_one(User, step.client.user_id)
    await Delivery.withdraw(step.session, step.client.id, Purpose.SIGNING_CODE, step.at)
    delivery = delivery_row(step.keyring, _new(step, channels, code))
    step.session.add(delivery)
    await step.session.flush()
    reach = {channel: _reach(channels, user, channel) for channel in channels.order}
    open_ones = [channel for channel, reason in reach.items() if reason is None]
    if open_ones and open_ones[0] is not Channel.SUPPORT_CHAT:
        ways = [channel for channel in open_ones if channel is not Channel.SUPPORT_CHAT]
        await tell_client(step, NOTICE, code_went_elsewhere(code.contract.number, ways, code.minutes))
        _record(step, code, delivery, "code-queued")
        return delivery
    for channel, reason in reach.items():
        if reason is None:
            break
        step.session.add(_attempt(step, delivery.id, channel, AttemptState.UNREACHABLE, reason))
    delivery.started_at = delivery.settled_at = step.at
    delivery.due_at = None
    if open_ones:
        letter = code.letter()
        message_id = await tell_client(step, NOTICE, letter.masked or "", secret=letter.text)
        step.session.add(_attempt(step, delivery.id, Channel.SUPPORT_CHAT, AttemptState.SENT, None, message_id))
        delivery.state = DeliveryState.SENT
        _record(step, code, delivery, "code-sent", channel=Channel.SUPPORT_CHAT.value)
    else:
        await tell_client(step, NOTICE, code_went_nowhere(code.contract.number))
        delivery.state, delivery.reason = DeliveryState.FAILED, list(reach.values())[-1]
        _record(step, code, delivery, "code-undelivered", reason=str(delivery.reason))
    return delivery


def _new(step: ClientStep, channels: CodeChannels, code: CodeLetter) -> NewDelivery:
    return NewDelivery(
        id=step.id_for("code-delivery"),
        purpose=Purpose.SIGNING_CODE,
        channels=channels.order,
        letter=code.letter(),
        at=step.at,
        expires_at=step.at + code.lifetime,
        user_id=step.client.user_id,
        client_id=step.client.id,
        contract_id=code.contract.id,
    )


def _reach(channels: CodeChannels, user: User, channel: Channel) -> Reason | None:
    """Why the client cannot be reached by a channel; None if he can."""
    if channel is Channel.SUPPORT_CHAT:
        return None
    if channel not in channels.on:
        return Reason.CHANNEL_OFF
    address = confirmed_address(user, channel)
    return address if isinstance(address, Reason) else None


def _attempt(
    step: ClientStep,
    delivery_id: UUID,
    channel: Channel,
    state: AttemptState,
    reason: Reason | None,
    message_id: UUID | None = None,
) -> DeliveryAttempt:
    sent = state is AttemptState.SENT
    return DeliveryAttempt(
        id=uuid5(delivery_id, channel.value),
        delivery_id=delivery_id,
        channel=channel,
        state=state,
        reason=reason,
        provider_id=str(message_id) if message_id else None,
        tries=1 if sent else 0,
        at=step.at,
        tried_at=step.at,
        sent_at=step.at if sent else None,
    )


def _record(step: ClientStep, code: CodeLetter, delivery: Delivery, verb: str, **details: str) -> None:
    expires = delivery.expires_at
    step.record(
        verb,
        contract_id=str(code.contract.id),
        expires_at=expires.isoformat() if expires else None,
        delivery_id=str(delivery.id),
        **details,
    )
