"""Queries of the sweep: known last messages, and chats with rows that wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast, func, literal, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.content import Kind
from models.conversations.dialog import Dialog
from models.conversations.message import Delivery, Direction, Message, Send


@dataclass(frozen=True)
class KnownMessage:
    """`read`: false for an own message that is sent and not known to be read.

    `listed`: the chat was read when this was already the newest message. An own message is known earlier and does not
    prove that a message of the buyer before it was read.
    """

    deleted: bool
    read: bool
    listed: bool


async def known_messages(
    session: AsyncSession, account_id: UUID, last: Mapping[str, str]
) -> Mapping[str, KnownMessage]:
    """Known last messages by chat, of a mapping chat id → message id; unknown ones are missing."""
    if not last:
        return {}
    pairs = func.unnest(cast(list(last), ARRAY(Text)), cast(list(last.values()), ARRAY(Text)))
    asked = pairs.table_valued("chat_id", "message_id").render_derived("asked")
    sent = aliased(Message)
    query = (
        select(
            asked.c.chat_id,
            func.coalesce(col(Message.deleted_at), sent.deleted_at).is_not(None) | _came_deleted(),
            func.coalesce(sent.status != Delivery.SENT, True),
            func.coalesce(col(Dialog.listed_until) == asked.c.message_id, False),
        )
        .select_from(asked)
        .join(Dialog, (col(Dialog.avito_account_id) == account_id) & (col(Dialog.avito_dialog_id) == asked.c.chat_id))
        .outerjoin(
            Message,
            (col(Message.dialog_id) == col(Dialog.id))
            & (col(Message.source_key) == literal("avito:") + asked.c.message_id),
        )
        .outerjoin(Send, and_(col(Send.dialog_id) == col(Dialog.id), col(Send.avito_message_id) == asked.c.message_id))
        .outerjoin(sent, col(sent.id) == col(Send.message_id))
        .where(col(Message.id).is_not(None) | col(Send.id).is_not(None))
    )
    rows = await (await session.connection()).execute(query)
    return {chat_id: KnownMessage(*known) for chat_id, *known in rows}


def _came_deleted() -> ColumnElement[bool]:
    return func.coalesce(col(Message.kind) == Kind.DELETED, False)


async def waiting_chats(
    session: AsyncSession, account_id: UUID, received: tuple[datetime, datetime], limit: int
) -> Sequence[tuple[str, Direction]]:
    """Chats with open rows received in this time, longest waiting first, once per direction."""
    since, before = received
    query = (
        select(col(Dialog.avito_dialog_id), col(Message.direction))
        .join(Message, col(Message.dialog_id) == col(Dialog.id))
        .where(
            col(Dialog.avito_account_id) == account_id,
            # As in the partial index of open rows.
            text("(dialog_messages.settled_at IS NULL OR dialog_messages.reaction_wanted IS NOT NULL)"),
            col(Message.hidden).is_(False),
            col(Message.received_at) >= since,
            col(Message.received_at) < before,
        )
        .group_by(col(Dialog.avito_dialog_id), col(Message.direction))
        .order_by(func.min(col(Message.number)))
        .limit(limit)
    )
    rows = await (await session.connection()).execute(query)
    return [(chat_id, direction) for chat_id, direction in rows]
