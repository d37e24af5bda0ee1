"""Sends whose answer got lost, looked for among what the chat lists: one that is found has arrived."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.talk import Talk, accepted, all_sent
from domain.content import Kind, read_content
from domain.crypto import Keyring
from domain.matching import Claimed, Listed, adopt
from gateways.avito_shapes import Message as AvitoMessage
from models import Message, Send
from models.columns import unseal
from models.held import Held
from models.message import SEND_BODY, SendStatus
from models.outbox import sends_of, unproven


def listed(one: AvitoMessage) -> Listed:
    text = read_content(one.type, one.content).text
    return Listed(one.id, one.direction, one.type, text, datetime.fromtimestamp(one.created, UTC))


def claimed(keyring: Keyring, send: Send) -> Claimed:
    text = str(unseal(keyring, SEND_BODY, send.body_sealed)) if send.body_sealed is not None else ""
    assert send.started_at is not None
    return Claimed(send.id, Kind(send.kind), text, send.started_at)


def prove(send: Send, avito_id: str, now: datetime) -> None:
    send.status, send.avito_message_id, send.sent_at = SendStatus.SENT, avito_id, now


async def adopt_echoes(
    session: AsyncSession,
    keyring: Keyring,
    there: Held,
    messages: Sequence[AvitoMessage],
    ours: Collection[str],
    now: datetime,
) -> set[str]:
    """The ids of Avito that turned out to be sends of ours; also of those that were given up as unknown."""
    if not any(one.direction == "out" for one in messages):
        return set()
    sends = {send.id: send for send in await unproven(session, there.dialog.id)}
    if not sends:
        return set()
    claims = [claimed(keyring, send) for send in sends.values()]
    found = adopt([listed(one) for one in messages], claims, frozenset(ours))
    for send_id, avito_id in found.items():
        prove(sends[send_id], avito_id, now)
    await _complete(session, there, {sends[send_id].message_id for send_id in found}, sends, now)
    return set(found.values())


async def _complete(
    session: AsyncSession, there: Held, message_ids: Collection[object], proven: dict[object, Send], now: datetime
) -> None:
    """Messages of which every part has arrived by now."""
    ids = [one for one in {send.message_id for send in proven.values()} if one in message_ids]
    if not ids:
        return
    await session.flush()
    sends = await sends_of(session, ids)
    for row in await Message.by_ids(session, ids):
        if all_sent(send for send in sends if send.message_id == row.id):
            accepted_in(there, row, now)


def accepted_in(there: Held, row: Message, now: datetime) -> None:
    accepted(there.dialog, row, now)
