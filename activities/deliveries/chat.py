"""The client's own chat as a channel: written in the caller's transaction, received when its text is first shown."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.deliveries.trail import record
from activities.support.notices import signing_ticket
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState
from domain.kernel.crypto import Keyring
from models import Client, Delivery, DeliveryAttempt, SupportMessage
from models.deliveries.delivery import LETTER
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions
from models.support.ticket import BODY, Author


async def write_to_chat(
    session: AsyncSession, keyring: Keyring, client: Client, delivery: Delivery, attempt_id: UUID, at: datetime
) -> UUID:
    """Write the letter to the ticket «Подписание договора» of a locked client; returns the id of the message."""
    letter = unseal(keyring, LETTER, delivery.letter)
    masked = letter["masked"]
    message = SupportMessage(
        id=uuid5(attempt_id, "message"),
        ticket_id=await signing_ticket(session, client, uuid5(attempt_id, "ticket"), at),
        author=Author.SUPPORT,
        body=letter["text"] if masked is None else masked,
        body_sealed=None if masked is None else seal(keyring, BODY, letter["text"]),
        created_at=at,
    )
    session.add(message)
    return message.id


async def note_shown(sessions: Sessions, user_id: UUID, shown: Iterable[UUID], at: datetime) -> None:
    """The receipt of the chat: these messages are shown to the client with what is sealed in them.

    Only the first time counts. To be called before the answer is sent, so that no code is read without a trace.
    """
    ids = {str(one) for one in shown}
    if not ids:
        return
    async with sessions() as session:
        found = await Delivery.waiting_in_chat(session, user_id, ids)
    for delivery_id, client_id in found:
        async with sessions.begin() as session:
            client = await Client.locked(session, client_id) if client_id is not None else None
            delivery = await Delivery.locked(session, delivery_id)
            if delivery is not None:
                await _note(session, client, delivery, at)


async def _note(session: AsyncSession, client: Client | None, delivery: Delivery, at: datetime) -> None:
    for attempt in await DeliveryAttempt.of(session, delivery.id):
        if attempt.channel is Channel.SUPPORT_CHAT and attempt.state is AttemptState.SENT:
            attempt.state, attempt.delivered_at = AttemptState.DELIVERED, at
            delivery.state = DeliveryState.DELIVERED
            record(session, client, delivery, "delivered", at, channel=attempt.channel.value)
