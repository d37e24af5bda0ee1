"""Queries of sends, of their arrival, and of the files they carry."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Interval, and_, case, delete, func, literal, or_, update
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.auto_reply import LATENESS
from domain.conversations.content import INTERNAL, Kind
from domain.conversations.file import TRIES
from models.conversations.dialog import Dialog
from models.conversations.message import Attachment, Author, Delivery, Direction, Message, Send, SendStatus

READ = "👀"


async def sends_of(session: AsyncSession, message_ids: Collection[UUID]) -> Sequence[Send]:
    """Ordered by message and part."""
    if not message_ids:
        return []
    query = select(Send).where(col(Send.message_id).in_(message_ids))
    return (await session.exec(query.order_by(col(Send.message_id), col(Send.ordinal)))).all()


async def drop_unposted(session: AsyncSession, message_id: UUID) -> int:
    """Deletes the sends of a message that no POST was claimed for; their number. A claim of another worker wins."""
    unposted = (col(Send.started_at).is_(None), col(Send.avito_message_id).is_(None))
    waiting = col(Send.status).in_((SendStatus.PENDING, SendStatus.FAILED))
    drop = delete(Send).where(col(Send.message_id) == message_id, waiting, *unposted).returning(col(Send.id))
    return len((await (await session.connection()).execute(drop)).all())


async def give_up_waiting(
    session: AsyncSession, account_id: UUID, reason: str, unknown: str, at: datetime
) -> Sequence[tuple[int, int, int]]:
    """Fails what still waits for the buyers of an account that is removed, for `unknown` where a POST was begun.

    Returns chat, topic and message of those that staff wrote in topics.
    """
    begun = exists().where(col(Send.message_id) == col(Message.id), col(Send.started_at).is_not(None))
    fail = (
        update(Message)
        .where(
            col(Message.dialog_id) == col(Dialog.id),
            col(Dialog.avito_account_id) == account_id,
            col(Message.direction) == Direction.TELEGRAM,
            col(Message.status) == Delivery.PENDING,
            col(Message.settled_at).is_(None),
            col(Message.kind).not_in(INTERNAL),
        )
        .values(status=Delivery.FAILED, failure=case((begun, unknown), else_=reason), settled_at=at)
        .returning(col(Message.telegram_chat_id), col(Dialog.telegram_topic_id), col(Message.telegram_message_id))
    )
    found = (await (await session.connection()).execute(fail)).all()
    return [
        (chat, topic, message)
        for chat, topic, message in found
        if chat is not None and topic is not None and message is not None
    ]


async def known_before(
    session: AsyncSession, dialog_id: UUID, avito_ids: Collection[str], moment: datetime | None
) -> set[str]:
    """Messages of Avito received before `moment`: a send of a later moment cannot be one of them."""
    if not avito_ids or moment is None:
        return set()
    keys = [f"avito:{one}" for one in avito_ids]
    query = select(Message.source_key).where(
        col(Message.dialog_id) == dialog_id, col(Message.source_key).in_(keys), col(Message.received_at) < moment
    )
    return {key.removeprefix("avito:") for key in (await session.exec(query)).all()}


async def noted_albums(session: AsyncSession, dialog_id: UUID, albums: Collection[str]) -> set[str]:
    """Albums with a note under one of their pictures: the whole album is internal."""
    if not albums:
        return set()
    query = select(Message.album).where(
        col(Message.dialog_id) == dialog_id, col(Message.album).in_(albums), col(Message.kind) == Kind.NOTE
    )
    return {album for album in (await session.exec(query)).all() if album is not None}


async def unconfirmed(session: AsyncSession, dialog_id: UUID) -> Sequence[Send]:
    """Sends of unknown outcome, also those given up for that reason."""
    query = select(Send).where(
        col(Send.dialog_id) == dialog_id, col(Send.avito_message_id).is_(None), col(Send.started_at).is_not(None)
    )
    return (await session.exec(query.order_by(col(Send.started_at), col(Send.ordinal)))).all()


async def owned(session: AsyncSession, dialog_id: UUID, avito_ids: Collection[str]) -> set[str]:
    """Messages of Avito that are own sends."""
    if not avito_ids:
        return set()
    query = select(Send.avito_message_id).where(
        col(Send.dialog_id) == dialog_id, col(Send.avito_message_id).in_(avito_ids)
    )
    return {one for one in (await session.exec(query)).all() if one is not None}


async def mark_read_by_buyer(session: AsyncSession, dialog_id: UUID, avito_ids: Collection[str]) -> None:
    """Marks sent messages as delivered: the buyer has read them."""
    if not avito_ids:
        return
    ours = select(Send.message_id).where(col(Send.dialog_id) == dialog_id, col(Send.avito_message_id).in_(avito_ids))
    delivered = update(Message).where(
        col(Message.dialog_id) == dialog_id, col(Message.status) == Delivery.SENT, col(Message.id).in_(ours)
    )
    wanted = case((col(Message.author) == Author.STAFF, READ), else_=col(Message.reaction_wanted))
    connection = await session.connection()
    await connection.execute(delivered.values(status=Delivery.DELIVERED, reaction_wanted=wanted))


async def attachments_of(session: AsyncSession, message_ids: Collection[UUID]) -> Sequence[Attachment]:
    if not message_ids:
        return []
    query = select(Attachment).where(col(Attachment.message_id).in_(message_ids))
    return (await session.exec(query.order_by(col(Attachment.message_id), col(Attachment.ordinal)))).all()


async def ask_for_files(
    session: AsyncSession, dialog_id: UUID, only: UUID | None, at: datetime
) -> list[tuple[Message, Attachment]]:
    """Buyers' files that the topic has not got, to be fetched again from `at` on; with `only` that message's.

    The messages are open again. One more failure puts the file off as before: messages behind it do not wait.
    """
    query = (
        select(Message, Attachment)
        .join(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(
            col(Message.dialog_id) == dialog_id,
            col(Message.direction) == Direction.AVITO,
            or_(
                col(Attachment.missing_at).is_not(None),
                and_(col(Message.file_due_at).is_not(None), col(Message.settled_at).is_(None)),
            ),
        )
    )
    if only is not None:
        query = query.where(col(Message.id) == only)
    found = [(row, file) for row, file in (await session.exec(query.order_by(col(Message.number)))).all()]
    for row, file in found:
        if file.missing_at is not None:
            row.settled_at, row.show_attempts = None, 0
        row.file_due_at, file.missing_at, file.fetch_tries = at, None, TRIES - 1
    return found


async def buyer_messages_until(session: AsyncSession, dialog_id: UUID, moment: datetime) -> int:
    """Number of the buyer's messages that had come by `moment`, by Avito's time (plus LATENESS) or by ours."""
    came = func.least(col(Message.received_at), col(Message.created_at) + literal(LATENESS, Interval()))
    query = select(func.count()).where(
        col(Message.dialog_id) == dialog_id, col(Message.author) == Author.BUYER, came <= moment
    )
    return (await session.exec(query)).one()
