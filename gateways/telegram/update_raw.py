"""Reads updates that aiogram cannot parse (the Bot API grows), by a few stable fields."""

from collections.abc import Mapping
from typing import Final

from gateways.telegram.events import Edited, Event, Foreign, Ignored, Joined, Said
from gateways.telegram.shapes import Place

_LATEST: Final = 2**32
"""Unix time in seconds."""

_UNREADABLE: Final = Ignored("an update that cannot be read")


def from_raw(raw: Mapping[str, object], bot_id: int) -> Event:
    """Messages and edits of unknown content, memberships; ignores others."""
    if message := _part(raw, "message"):
        return _said(message, bot_id)
    if message := _part(raw, "edited_message"):
        return _edited(message)
    return _joined(_part(raw, "my_chat_member"))


def _said(message: Mapping[str, object], bot_id: int) -> Event:
    place, message_id, author = _place(message), _whole(message, "message_id"), _part(message, "from")
    if place is None or message_id is None or not author or _whole(author, "id") == bot_id:
        return _UNREADABLE
    album = _text(message, "media_group_id") or None
    if not _is_person(message):
        return Foreign(place, message_id, "channel" if _part(message, "sender_chat") else "bot", album)
    anonymous = bool(_part(message, "sender_chat"))
    return Said(
        place=place,
        message_id=message_id,
        sent_at=_moment(message),
        from_id=None if anonymous else _whole(author, "id"),
        from_name=_text(message, "author_signature") if anonymous else _text(author, "first_name"),
        kind="unknown",
        album=album,
    )


def _edited(message: Mapping[str, object]) -> Event:
    """The text, as far as it can be read; without hidden links."""
    place, message_id, author = _place(message), _whole(message, "message_id"), _part(message, "from")
    if place is None or message_id is None or not author or not _is_person(message):
        return _UNREADABLE
    text = _text(message, "text") or _text(message, "caption")
    edited_at = _whole(message, "edit_date") or 0
    return Edited(place, message_id, _whole(author, "id"), edited_at, text, "unknown")


def _is_person(message: Mapping[str, object]) -> bool:
    """As `update_parts.concerns`."""
    if speaks_for := _part(message, "sender_chat"):
        return _whole(speaks_for, "id") == _whole(_part(message, "chat"), "id")
    return _part(message, "from").get("is_bot") is False


def _joined(event: Mapping[str, object]) -> Event:
    """Needed because aiogram fails on new administrator rights."""
    chat, member = _part(event, "chat"), _part(event, "new_chat_member")
    chat_id, status = _whole(chat, "id"), _text(member, "status")
    if chat_id is None or not status or chat.get("type") == "private":
        return _UNREADABLE
    return Joined(
        chat_id=chat_id,
        title=_text(chat, "title"),
        status=status,
        is_forum=chat.get("is_forum") is True,
        can_manage_topics=status == "creator" or member.get("can_manage_topics") is True,
    )


def _place(message: Mapping[str, object]) -> Place | None:
    chat_id = _whole(_part(message, "chat"), "id")
    if chat_id is None:
        return None
    return Place(chat_id, _whole(message, "message_thread_id") if message.get("is_topic_message") is True else None)


def _part(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _whole(body: Mapping[str, object], name: str) -> int | None:
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _moment(body: Mapping[str, object]) -> int:
    """The date; 0 if out of range."""
    date = _whole(body, "date") or 0
    return date if 0 <= date <= _LATEST else 0


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
