"""Auto-replies that wait and are not needed any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.snapshot import Snapshot
from domain.conversations.content import INTERNAL
from models import Message, Send
from models.conversations.dialog import DialogState
from models.conversations.message import Author, Delivery, SendStatus

OVERTAKEN: Final = "Автоответ не понадобился."


def can_withdraw(snapshot: Snapshot, row: Message) -> bool:
    """The auto-reply is not needed, and no POST of it was begun."""
    return is_needless(snapshot, row) and all(send.started_at is None for send in snapshot.sends.get(row.id, []))


def is_needless(snapshot: Snapshot, row: Message) -> bool:
    """An auto-reply, while a person has answered, or the dialog was closed or muted."""
    if row.author is not Author.AUTO:
        return False
    dialog = snapshot.dialog
    if dialog.first_unanswered_at is None or dialog.state is DialogState.CLOSED or dialog.muted_at is not None:
        return True
    if dialog.last_human_reply_at is not None and dialog.last_human_reply_at > row.created_at:
        return True
    return any(one.author is not Author.AUTO and one.kind not in INTERNAL for one in snapshot.to_send)


def withdraw(session: AsyncSession, row: Message, sends: Sequence[Send], now: datetime) -> None:
    """Fails the auto-reply without a notice in the topic."""
    session.add_all([*sends, row])
    for send in sends:
        send.status = SendStatus.FAILED
    row.status, row.failure, row.hidden, row.settled_at = Delivery.FAILED, OVERTAKEN, True, now
