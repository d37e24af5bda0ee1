"""Adoption of lost sends: a send of unknown outcome that the chat lists has arrived."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.snapshot import all_sent, mark_accepted
from domain.conversations.content import Kind, read_content
from domain.conversations.echo import Claimed, Listed, adopt
from domain.kernel.crypto import Keyring
from gateways.avito.shapes import Message as AvitoMessage
from models import Dialog, Message, Send
from models.conversations.message import SEND_BODY, SendStatus
from models.conversations.sends import sends_of, unconfirmed
from models.kernel.columns import unseal


def listed(one: AvitoMessage) -> Listed:
    text = read_content(one.type, one.content).text
    return Listed(one.id, one.direction, one.type, text, one.created_at)


def claimed(keyring: Keyring, send: Send) -> Claimed:
    text = str(unseal(keyring, SEND_BODY, send.body_sealed)) if send.body_sealed is not None else ""
    assert send.started_at is not None
    return Claimed(send.id, Kind(send.kind), text, send.started_at)


def mark_sent(send: Send, avito_id: str, now: datetime) -> None:
    send.status, send.avito_message_id, send.sent_at = SendStatus.SENT, avito_id, now


async def adopt_echoes(
    session: AsyncSession,
    keyring: Keyring,
    dialog: Dialog,
    messages: Sequence[AvitoMessage],
    ours: Collection[str],
    now: datetime,
) -> set[str]:
    """Marks found sends as sent, also given-up ones; returns their ids at Avito."""
    if not any(one.direction == "out" for one in messages):
        return set()
    sends = {send.id: send for send in await unconfirmed(session, dialog.id)}
    if not sends:
        return set()
    claims = [claimed(keyring, send) for send in sends.values()]
    found = adopt([listed(one) for one in messages], claims, frozenset(ours))
    for send_id, avito_id in found.items():
        mark_sent(sends[send_id], avito_id, now)
    await _complete(session, dialog, {sends[send_id].message_id for send_id in found}, now)
    return set(found.values())


async def _complete(session: AsyncSession, dialog: Dialog, message_ids: Collection[UUID], now: datetime) -> None:
    """Accepts messages of which all sends have arrived."""
    if not message_ids:
        return
    await session.flush()
    sends = await sends_of(session, message_ids)
    for row in await Message.by_ids(session, message_ids):
        if all_sent(send for send in sends if send.message_id == row.id):
            mark_accepted(dialog, row, now)
