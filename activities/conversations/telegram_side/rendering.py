"""How a row is shown in the topic: texts, a place, or a file with a caption."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, assert_never

from domain.conversations.content import Kind, read_stored
from domain.conversations.topic import BUYER, FROM_APP, SYSTEM, Post, Speech
from domain.conversations.wording import Wording, wording
from domain.kernel.text import one_line, shorten
from gateways.outcome import Rejected
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import PhotoRefused, Place, VoiceRefused
from models import Message
from models.conversations.message import Author, Direction

_FILES: Final[Mapping[str, str]] = {
    Kind.IMAGE: "[изображение]",
    Kind.VOICE: "[голосовое сообщение]",
    Kind.STICKER: "[стикер]",
}
_LINE: Final = 700
"""Longest message in a summary."""

_NAME: Final = 40


@dataclass(frozen=True)
class Words:
    post: Post = field(repr=False)


@dataclass(frozen=True)
class Spot:
    """A place on the map; what the buyer has called it is marked as his."""

    latitude: float
    longitude: float
    title: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True)
class File:
    """`kind` is image or voice; refused as such, it is sent as a document."""

    kind: str
    data: bytes = field(repr=False)
    name: str
    caption: Post = field(default=Post(""), repr=False)


Part: TypeAlias = Words | Spot | File


@dataclass(frozen=True)
class Batch:
    """Rows of one Telegram message, or one row of several parts."""

    rows: tuple[Message, ...]
    parts: tuple[Part, ...]
    reply_to: int | None = None


def is_file(row: Message) -> bool:
    """It has a file to be fetched."""
    return row.direction is Direction.AVITO and row.kind in (Kind.IMAGE, Kind.VOICE)


def is_plain(row: Message) -> bool:
    """Only text: no file, place or quotation."""
    return (
        not is_file(row)
        and row.kind != Kind.LOCATION
        and row.quote_avito_id is None
        and (row.reply_to_telegram_id is None or row.direction is Direction.TELEGRAM)
    )


def speech_of(row: Message, body: Mapping[str, Any], name: str | None = None) -> Speech:
    """Who says what in a row. `name`: the manager who wrote through the API."""
    told = wording_of(row, body)
    by_buyer, repeated = row.author is Author.BUYER, row.show_attempts > 1
    return Speech(told.said, _label(row, body, name), told.told, quoted=by_buyer, repeated=repeated)


def wording_of(row: Message, body: Mapping[str, Any]) -> Wording:
    from_avito = row.direction is Direction.AVITO
    return wording(row.kind, body, from_avito=from_avito, by_buyer=row.author is Author.BUYER)


def place_of(row: Message, body: Mapping[str, Any]) -> list[Part]:
    """The place on the map, beside its words."""
    if row.kind != Kind.LOCATION or row.direction is not Direction.AVITO or "latitude" not in body:
        return []
    title, address = (one_line(str(body.get(name) or "")) for name in ("place_title", "text"))
    if row.author is Author.BUYER and (title or address):
        title = f"{BUYER}: {title or address}"
    return [Spot(body["latitude"], body["longitude"], title, address)]


def summary_of(row: Message, body: Mapping[str, Any], buyer: str | None) -> Speech:
    """A message in the summary of a topic that is made again; never marked as repeated."""
    told = wording_of(row, body)
    said = told.said or ("" if told.told else _FILES.get(row.kind, "[сообщение]"))
    by_buyer, name = row.author is Author.BUYER, shorten(one_line(buyer or ""), _NAME)
    label = _label(row, body, None)
    if by_buyer and name:
        label = f"{label} {name}"
    elif row.direction is Direction.TELEGRAM and row.author is not Author.AUTO:
        label = "Мы"
    return Speech(shorten(said, _LINE), label, shorten(told.told, _LINE), quoted=by_buyer)


def _label(row: Message, body: Mapping[str, Any], name: str | None) -> str:
    match row.author:
        case Author.BUYER:
            return BUYER
        case Author.SELLER_APP:
            return FROM_APP
        case Author.AUTO:
            return "Автоответ"
        case Author.SYSTEM:
            return "" if row.kind == Kind.NOTICE or read_stored(row.kind, body).is_autoresponder else SYSTEM
        case Author.STAFF | Author.API:
            name = one_line(name or "")
            return f"Ответ ({name})" if name else "Ответ"
    assert_never(row.author)


async def post(bot: TelegramBot, place: Place, part: Part, reply_to: int | None) -> int:
    """Sends one part; a voice or photo that Telegram refuses is sent as a document."""
    match part:
        case Words(words):
            return await bot.send_text(place, words.text, reply_to=reply_to, quotes=words.quotes)
        case Spot(latitude, longitude, title, address) if title or address:
            title, address = title or address, address or title
            return await bot.send_venue(place, latitude, longitude, title, address, reply_to=reply_to)
        case Spot(latitude, longitude):
            return await bot.send_location(place, latitude, longitude, reply_to=reply_to)
        case File():
            return await _post_file(bot, place, part, reply_to)


async def _post_file(bot: TelegramBot, place: Place, file: File, reply_to: int | None) -> int:
    caption, quotes = file.caption.text, file.caption.quotes
    try:
        if file.kind == Kind.VOICE:
            return await bot.send_voice(place, file.data, caption=caption, quotes=quotes, reply_to=reply_to)
        if file.kind == Kind.IMAGE:
            return await bot.send_photo(place, file.data, file.name, caption=caption, quotes=quotes, reply_to=reply_to)
    except (VoiceRefused, PhotoRefused):
        pass
    return await bot.send_document(place, file.data, file.name, caption=caption, quotes=quotes, reply_to=reply_to)


def unshowable(refusal: Rejected) -> Words:
    """Shown instead of a message that Telegram refuses."""
    reason = f"Telegram его не принял: {refusal.reason[:200]}"
    return Words(Post(f"Сообщение есть в чате Avito, но {reason}. Откройте чат на Avito."))
