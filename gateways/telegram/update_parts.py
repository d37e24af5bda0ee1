"""Parts of a Telegram message: author, place, kind, file."""

from typing import Final, Literal

from aiogram.enums import ContentType
from aiogram.types import Message

from gateways.telegram.events import Card, Event, FileRef, Foreign, Ignored, Said, Spot
from gateways.telegram.shapes import Place
from gateways.telegram.update_text import full_text

STICKER_ANIMATED: Final = "sticker_animated"
STICKER_VIDEO: Final = "sticker_video"
UNKNOWN: Final = "unknown"

SPOKEN: Final = frozenset(
    {
        *(ContentType.TEXT, ContentType.PHOTO, ContentType.DOCUMENT, ContentType.VOICE, ContentType.STICKER),
        *(ContentType.ANIMATION, ContentType.AUDIO, ContentType.VIDEO, ContentType.VIDEO_NOTE, ContentType.LIVE_PHOTO),
        *(ContentType.CONTACT, ContentType.VENUE, ContentType.LOCATION, ContentType.STORY, ContentType.POLL),
        *(ContentType.DICE, ContentType.GAME, ContentType.CHECKLIST, ContentType.PAID_MEDIA, ContentType.INVOICE),
        *(ContentType.GIVEAWAY, ContentType.GIFT, ContentType.UNIQUE_GIFT, ContentType.RICH_MESSAGE),
        *(ContentType.PASSPORT_DATA, ContentType.UNKNOWN),
    }
)
"""Contents that people write, as opposed to service messages."""


def concerns(message: Message) -> bool:
    """Written by a person; an anonymous administrator writes as the group and is one of the staff."""
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    return message.from_user is not None and not message.from_user.is_bot


def kind_of(message: Message) -> str | None:
    """The kind; None for a service message."""
    if message.content_type not in SPOKEN:
        return None
    if message.sticker is not None and message.sticker.is_animated:
        return STICKER_ANIMATED
    if message.sticker is not None and message.sticker.is_video:
        return STICKER_VIDEO
    return ContentType(message.content_type).value


def place_of(message: Message) -> Place:
    """A thread without `is_topic_message` is a chain of answers in General."""
    return Place(message.chat.id, message.message_thread_id if message.is_topic_message else None)


def author_of(message: Message) -> tuple[int | None, str]:
    """Id and name; no id of an anonymous administrator."""
    if message.sender_chat is not None or message.from_user is None:
        return None, message.author_signature or message.chat.title or ""
    return message.from_user.id, message.from_user.full_name


def reply_to(message: Message) -> int | None:
    """The answered message; in a topic each message formally answers its first one, which does not count."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created or answered.message_id == message.message_thread_id:
        return None
    return answered.message_id


async def said(message: Message) -> Event:
    from_id, from_name = author_of(message)
    return Said(
        place=place_of(message),
        message_id=message.message_id,
        sent_at=int(message.date.timestamp()),
        from_id=from_id,
        from_name=from_name,
        kind=kind_of(message) or UNKNOWN,
        text=full_text(message),
        reply_to=reply_to(message),
        album=message.media_group_id,
        file=file_of(message),
        emoji=message.sticker.emoji if message.sticker else None,
        spot=_spot(message),
        contact=_contact(message),
        answers_bot=_answers_bot(message),
        forwarded=any(one is not None for one in (message.forward_origin, message.forward_date, message.via_bot)),
    )


async def foreign(message: Message) -> Event:
    """Who has written instead of a person of the staff; ignored: the bot itself, and nobody."""
    if message.from_user is None and message.sender_chat is None:
        return Ignored("a message of nobody")
    if message.sender_chat is None and message.from_user is not None and message.from_user.id == _bot_id(message):
        return Ignored("a message of the bot itself")
    by: Literal["channel", "forward", "bot"] = "channel" if message.sender_chat is not None else "bot"
    if message.is_automatic_forward:
        by = "forward"
    return Foreign(place_of(message), message.message_id, by, message.media_group_id)


def _answers_bot(message: Message) -> bool:
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or reply_to(message) is None:
        return False
    return answered.from_user.id == _bot_id(message)


def _bot_id(message: Message) -> int | None:
    return message.bot.id if message.bot is not None else None


def file_of(message: Message) -> FileRef | None:
    """The file of a supported kind; of a photo the largest size."""
    if message.photo:
        size = max(message.photo, key=lambda one: one.width * one.height)
        return FileRef(size.file_id, size.file_size, "image/jpeg", unique=size.file_unique_id)
    if message.sticker:
        sticker = message.sticker
        mime = None if sticker.is_animated or sticker.is_video else "image/webp"
        return FileRef(sticker.file_id, sticker.file_size, mime, unique=sticker.file_unique_id)
    file = message.document or message.voice
    if file is None:
        return None
    name = message.document.file_name if message.document else None
    return FileRef(file.file_id, file.file_size, file.mime_type, name, file.file_unique_id)


def _spot(message: Message) -> Spot | None:
    if message.venue:
        venue = message.venue
        return Spot(venue.location.latitude, venue.location.longitude, venue.title, venue.address)
    return Spot(message.location.latitude, message.location.longitude) if message.location else None


def _contact(message: Message) -> Card | None:
    if message.contact is None:
        return None
    names = (message.contact.first_name, message.contact.last_name)
    contact = message.contact
    return Card(" ".join(name for name in names if name), contact.phone_number, contact.user_id)
