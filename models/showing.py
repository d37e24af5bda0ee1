"""Claims of showing a message in the topic, and which Telegram message shows it; safe beside another worker."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.message import Message


async def claim_showing(session: AsyncSession, rows: Sequence[Message]) -> bool:
    """Ours to show now? False when somebody else has claimed or shown one of them since they were read.

    The rows are as they stand afterwards; on False the transaction has to end without a commit.
    """
    read = tuple_(col(Message.id), col(Message.show_attempts)).in_([(row.id, row.show_attempts) for row in rows])
    taking = update(Message).where(read, col(Message.settled_at).is_(None))
    connection = await session.connection()
    taken = await connection.execute(taking.values(show_attempts=col(Message.show_attempts) + 1))
    if taken.rowcount != len(rows):
        return False
    for row in rows:
        set_committed_value(row, "show_attempts", row.show_attempts + 1)
    return True


async def give_back(session: AsyncSession, rows: Sequence[Message]) -> None:
    """Claims under which nothing was sent; of another worker's claims since then none is taken away."""
    back = update(Message).where(col(Message.id).in_([row.id for row in rows]))
    left = case((col(Message.show_attempts) > 0, col(Message.show_attempts) - 1), else_=0)
    await (await session.connection()).execute(back.values(show_attempts=left))
    for row in rows:
        set_committed_value(row, "show_attempts", max(row.show_attempts - 1, 0))


async def add_copies(
    session: AsyncSession, chat_id: int, telegram_ids: Sequence[int], dialog_id: UUID, message_id: UUID
) -> None:
    """These Telegram messages show the message. In a group that moved a number may come again: the newer one counts."""
    if not telegram_ids:
        return
    rows = [
        {"chat_id": chat_id, "telegram_message_id": one, "dialog_id": dialog_id, "message_id": message_id}
        for one in telegram_ids
    ]
    await (await session.connection()).execute(_NEW_COPY, rows)


def _new_copy() -> Any:
    row = insert(SQLModel.metadata.tables["telegram_copies"])
    return row.on_conflict_do_update(
        index_elements=["chat_id", "telegram_message_id"],
        set_={"dialog_id": row.excluded.dialog_id, "message_id": row.excluded.message_id},
    )


_NEW_COPY = _new_copy()
