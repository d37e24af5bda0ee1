"""Claims of sends to Avito and their settlement, safe beside another worker.

Each statement is one transaction on an autocommit connection.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel

from models.conversations.answered import Change, change_of
from models.conversations.dialog import Dialog
from models.conversations.message import Author, Message, Send, SendStatus

_CLAIM = text("""
    UPDATE message_sends
    SET status = 'claimed', attempts = attempts + 1, looks = 0, looked_at = NULL,
        started_at = CAST(:started_at AS timestamptz), avito_image_id = CAST(:avito_image_id AS varchar)
    WHERE id = :id AND status = CAST(:status AS varchar) AND attempts = CAST(:attempts AS integer)
    RETURNING id
""")

_UNCLAIM = text("""
    UPDATE message_sends
    SET status = 'pending', attempts = attempts - 1, started_at = CAST(:started_at AS timestamptz)
    WHERE id = :id AND status = 'claimed' AND attempts = CAST(:attempts AS integer)
""")


def _settle(change: Change) -> TextClause:
    return text(f"""
        WITH arrived AS (
            UPDATE message_sends
            SET status = CAST(:send_status AS varchar), avito_message_id = :avito_message_id, sent_at = :at
            WHERE id = :send
        ), accepted AS (
            UPDATE dialog_messages
            SET status = CAST(:status AS varchar), failure = CAST(:failure AS varchar),
                settled_at = CAST(:settled_at AS timestamptz), reaction_wanted = CAST(:reaction_wanted AS varchar)
            WHERE id = :message AND CAST(:whole AS boolean)
        )
        UPDATE dialogs SET {change.sql()} WHERE id = :dialog AND CAST(:whole AS boolean)
    """)  # noqa: S608 - names of columns


_SETTLE = {change: _settle(change) for change in map(change_of, Author)}
_OF_SEND = ("status", "avito_message_id", "sent_at")
_OF_MESSAGE = ("status", "failure", "settled_at", "reaction_wanted")


def claim_new(send: Send, at: datetime) -> None:
    """Claims a send that is not stored yet; the claim holds once it is committed."""
    send.status, send.attempts, send.started_at = SendStatus.CLAIMED, 1, at


async def claim(connection: AsyncConnection, send: Send, at: datetime) -> bool:
    """Claims a send; False if another worker has changed it since it was read.

    `started_at` stays that of the first try: a message found since then proves the send. `send` is updated like its
    row.
    """
    started_at = send.started_at or at
    values = {
        "id": send.id,
        "status": send.status.value,
        "attempts": send.attempts,
        "started_at": started_at,
        "avito_image_id": send.avito_image_id,
    }
    if (await connection.execute(_CLAIM, values)).first() is None:
        return False
    send.status, send.attempts, send.started_at = SendStatus.CLAIMED, send.attempts + 1, started_at
    send.looks, send.looked_at = 0, None
    _stored(send, ("status", "attempts", "started_at", "looks", "looked_at", "avito_image_id"))
    return True


async def unclaim(connection: AsyncConnection, send: Send, started_at: datetime | None) -> None:
    """Gives back a claim without a POST; a later claim of another worker stays."""
    await connection.execute(_UNCLAIM, {"id": send.id, "attempts": send.attempts, "started_at": started_at})
    send.status, send.attempts, send.started_at = SendStatus.PENDING, send.attempts - 1, started_at
    _stored(send, ("status", "attempts", "started_at"))


async def settle(connection: AsyncConnection, send: Send, message: Message, dialog: Dialog, *, whole: bool) -> None:
    """Stores the arrival of `send`, and with `whole` of `message`, as the rows in hand have it.

    Of the dialog only the columns of `answered.Change` are written: others may have changed the rest since it was read.
    """
    change = change_of(message.author)
    values: dict[str, Any] = {
        "send": send.id,
        "send_status": send.status.value,
        "avito_message_id": send.avito_message_id,
        "at": send.sent_at,
        "message": message.id,
        "status": message.status.value,
        "failure": message.failure,
        "settled_at": message.settled_at,
        "reaction_wanted": message.reaction_wanted,
        "dialog": dialog.id,
        "whole": whole,
    }
    await connection.execute(_SETTLE[change], values)
    _stored(send, _OF_SEND)
    if whole:
        _stored(message, _OF_MESSAGE)
        _stored(dialog, change.columns)


def _stored(row: SQLModel, names: Iterable[str]) -> None:
    """Marks columns as stored, so that the session does not write them again."""
    for name in names:
        set_committed_value(row, name, getattr(row, name))
