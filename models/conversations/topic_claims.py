"""Claims of showing messages in the topic, and their settlement, safe beside another worker.

Each function is one statement, hence one transaction on an autocommit connection.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm.attributes import set_committed_value

from models.conversations.message import Delivery, Message

_CLAIM = text("""
    WITH seen AS (
        SELECT id, attempts FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[])) AS seen (id, attempts)
    ), free AS (
        SELECT message.id FROM dialog_messages AS message
        JOIN seen ON seen.id = message.id AND seen.attempts = message.show_attempts
        WHERE message.settled_at IS NULL
        FOR UPDATE OF message
    )
    UPDATE dialog_messages SET show_attempts = show_attempts + 1
    WHERE id IN (SELECT id FROM free) AND (SELECT count(*) FROM free) = cardinality(CAST(:ids AS uuid[]))
    RETURNING id
""")

_GIVE_BACK = text("""
    UPDATE dialog_messages SET show_attempts = greatest(show_attempts - 1, 0) WHERE id = ANY(CAST(:ids AS uuid[]))
""")

_SETTLE = text("""
    WITH settled AS (
        UPDATE dialog_messages
        SET settled_at = :at, status = CASE status WHEN 'pending' THEN 'delivered' ELSE status END
        WHERE id = ANY(CAST(:ids AS uuid[]))
    ), copied AS (
        INSERT INTO telegram_copies (chat_id, telegram_message_id, dialog_id, message_id)
        SELECT DISTINCT CAST(:chat AS bigint), sent, CAST(:dialog AS uuid), CAST(:message AS uuid)
        FROM unnest(CAST(:sent AS bigint[])) AS sent
        ON CONFLICT (chat_id, telegram_message_id)
        DO UPDATE SET dialog_id = excluded.dialog_id, message_id = excluded.message_id
    )
    UPDATE dialog_messages SET show_attempts = show_attempts + 1
    WHERE id = CAST(:next AS uuid) AND show_attempts = CAST(:attempts AS integer) AND settled_at IS NULL
    RETURNING id
""")


async def claim_showing(connection: AsyncConnection, rows: Sequence[Message]) -> bool:
    """Claims rows; False, and none is claimed, if another worker has claimed or shown one since they were read.

    The rows are updated like the stored ones.
    """
    values = {"ids": [row.id for row in rows], "attempts": [row.show_attempts for row in rows]}
    if not (await connection.execute(_CLAIM, values)).all():
        return False
    for row in rows:
        set_committed_value(row, "show_attempts", row.show_attempts + 1)
    return True


async def give_back(connection: AsyncConnection, rows: Sequence[Message]) -> None:
    """Gives back claims under which nothing was sent; later claims of other workers stay."""
    await connection.execute(_GIVE_BACK, {"ids": [row.id for row in rows]})
    for row in rows:
        set_committed_value(row, "show_attempts", max(row.show_attempts - 1, 0))


async def settle_showing(
    connection: AsyncConnection,
    rows: Sequence[Message],
    at: datetime,
    chat_id: int | None,
    sent: Sequence[int],
    following: Message | None,
) -> bool:
    """Settles rows, of which these Telegram messages show the last; returns whether `following` is claimed now.

    In a moved group a message id may occur again: the newer copy counts. The rows are updated like the stored ones.
    """
    last = rows[-1]
    values = {
        "at": at,
        "ids": [row.id for row in rows],
        "chat": chat_id,
        "sent": list(sent) if chat_id is not None else [],
        "dialog": last.dialog_id,
        "message": last.id,
        "next": following.id if following is not None else None,
        "attempts": following.show_attempts if following is not None else None,
    }
    claimed = (await connection.execute(_SETTLE, values)).first() is not None
    for row in rows:
        set_committed_value(row, "settled_at", at)
        if row.status is Delivery.PENDING:
            set_committed_value(row, "status", Delivery.DELIVERED)
    if claimed and following is not None:
        set_committed_value(following, "show_attempts", following.show_attempts + 1)
    return claimed
