"""Standing of a conversation, derived from its rows."""

from datetime import datetime

from activities.conversations.core.later import Later
from activities.conversations.core.messages import Standing
from activities.conversations.core.snapshot import Snapshot
from domain.conversations.reminder import next_reminder
from models.conversations.dialog import DialogState
from models.people.organisation import MarkRead


def standing_of(snapshot: Snapshot, *, show: Later | None = None, send: Later | None = None) -> Standing:
    """`show`, `send`: what has delayed each direction."""
    if show is None and snapshot.card_missing and not (snapshot.to_show or snapshot.to_react):
        show = snapshot.card_later
    dialog, trouble, late = snapshot.dialog, show or send, snapshot.file_due_at
    show_at = show.at if show is not None else None if waits_for_topic(snapshot) else late
    return Standing(
        state=dialog.state,
        number=dialog.number,
        to_show=waits_for_topic(snapshot) or show is not None or late is not None,
        show_at=show_at,
        to_send=bool(snapshot.to_send),
        send_at=send.at if send is not None else None,
        auto_reply_at=dialog.auto_reply_due_at,
        remind_at=remind_at(snapshot),
        unanswered=dialog.first_unanswered_at is not None and dialog.state is DialogState.ACTIVE,
        trouble=trouble.trouble if trouble is not None else None,
    )


def waits_for_topic(snapshot: Snapshot) -> bool:
    return bool(snapshot.to_show or snapshot.to_react) or snapshot.topic_out_of_step or is_to_mark_read(snapshot)


def is_to_mark_read(snapshot: Snapshot) -> bool:
    """All messages are shown, and the chat is to be marked read on Avito."""
    when = snapshot.context.organisation.mark_read
    return snapshot.dialog.unread_on_avito and when is MarkRead.ON_DELIVERY and not snapshot.to_show


def remind_at(snapshot: Snapshot) -> datetime | None:
    dialog = snapshot.dialog
    if dialog.state is not DialogState.ACTIVE or dialog.muted_at is not None:
        return None
    reminder = next_reminder(
        dialog.first_unanswered_at,
        snapshot.context.organisation.unanswered_minutes,
        dialog.reminded_topic_at,
        dialog.reminded_owner_at,
    )
    return reminder.at if reminder is not None else None
