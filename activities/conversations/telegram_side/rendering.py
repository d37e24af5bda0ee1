"""How a row is shown in the topic: texts, a place, or a file with a caption."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from domain.conversations.content import Inbound, Kind
from domain.conversations.topic import repeated, topic_text
from domain.kernel.text import TELEGRAM_TEXT, one_line, split_text
from gateways.outcome import Rejected
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import PhotoRefused, Place, VoiceRefused
from models import Message
from models.conversations.message import Author, Direction

_WORDS: Final[Mapping[str, str]] = {
    Kind.IMAGE: "[изображение]",
    Kind.VOICE: "[голосовое сообщение]",
    Kind.STICKER: "[стикер]",
}


@dataclass(frozen=True)
class Words:
    text: str = field(repr=False)


@dataclass(frozen=True)
class Spot:
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
    caption: str = field(default="", repr=False)


Part: TypeAlias = Words | Spot | File


@dataclass(frozen=True)
class Batch:
    """Rows of one Telegram message, or one row of several parts."""

    rows: tuple[Message, ...]
    parts: tuple[Part, ...]
    reply_to: int | None = None


def body_of(inbound: Inbound) -> dict[str, Any]:
    """The stored body of a message of Avito; `inbound_of` reads it."""
    fields = {
        "image_url": inbound.image_url,
        "voice_id": inbound.voice_id,
        "latitude": inbound.latitude,
        "longitude": inbound.longitude,
        "place_title": inbound.place_title,
        "link_url": inbound.link_url,
        "item_title": inbound.item_title,
        "item_price": inbound.item_price,
        "item_url": inbound.item_url,
        "flow_id": inbound.flow_id,
        "type_name": inbound.type_name,
    }
    body = {"text": inbound.text} | {name: value for name, value in fields.items() if value not in (None, "")}
    return {name: _whole(value) if isinstance(value, str) else value for name, value in body.items()}


def inbound_of(row: Message, body: Mapping[str, Any]) -> Inbound:
    return Inbound(Kind(row.kind), **{name: value for name, value in body.items() if name in Inbound.__annotations__})


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


def words_of(row: Message, body: Mapping[str, Any], buyer: str | None, name: str | None = None) -> str:
    """The text of a row; empty for a file without words. `name`: the manager who wrote through the API."""
    text = str(body.get("text", ""))
    if row.kind == Kind.NOTICE:
        words = text
    elif row.author is Author.AUTO:
        words = f"Автоответ: {text}"
    elif row.direction is Direction.TELEGRAM:
        words = f"Ответ ({one_line(name)}): {text}" if name else f"Ответ: {text}"
    else:
        from_app = row.author is Author.SELLER_APP
        words = topic_text(inbound_of(row, body), buyer=buyer or "", from_app=from_app)
    return words if row.show_attempts <= 1 else repeated(words)


def parts_of(row: Message, body: Mapping[str, Any], words: str) -> list[Part]:
    """The row without its file: its text in parts, and a place on the map."""
    parts: list[Part] = [Words(part) for part in split_text(words, TELEGRAM_TEXT)]
    if row.kind == Kind.LOCATION and row.direction is Direction.AVITO and "latitude" in body:
        title, address = str(body.get("place_title") or ""), str(body.get("text") or "")
        parts.append(Spot(body["latitude"], body["longitude"], title, address))
    return parts or [Words("(пустое сообщение)")]


def line_of(row: Message, body: Mapping[str, Any], buyer: str | None) -> str:
    """One line of the summary in a topic that is made again."""
    who = {Author.BUYER: one_line(buyer or "") or "Покупатель", Author.AUTO: "Автоответ", Author.SYSTEM: "Avito"}
    said = str(body.get("text") or "") or _WORDS.get(row.kind, "")
    if not said and row.direction is Direction.AVITO:
        said = topic_text(inbound_of(row, body), buyer=buyer or "")
    return f"{who.get(row.author, 'Мы')}: {said or '[сообщение]'}"


def _whole(text: str) -> str:
    """Without unpaired surrogates, which JSON may hold but neither PostgreSQL nor Telegram takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


async def post(bot: TelegramBot, place: Place, part: Part, reply_to: int | None) -> int:
    """Sends one part; a voice or photo that Telegram refuses is sent as a document."""
    match part:
        case Words(text):
            return await bot.send_text(place, text, reply_to=reply_to)
        case Spot(latitude, longitude, title, address) if title or address:
            title, address = title or address, address or title
            return await bot.send_venue(place, latitude, longitude, title, address, reply_to=reply_to)
        case Spot(latitude, longitude):
            return await bot.send_location(place, latitude, longitude, reply_to=reply_to)
        case File():
            return await _post_file(bot, place, part, reply_to)


async def _post_file(bot: TelegramBot, place: Place, file: File, reply_to: int | None) -> int:
    try:
        if file.kind == Kind.VOICE:
            return await bot.send_voice(place, file.data, caption=file.caption, reply_to=reply_to)
        if file.kind == Kind.IMAGE:
            return await bot.send_photo(place, file.data, file.name, caption=file.caption, reply_to=reply_to)
    except (VoiceRefused, PhotoRefused):
        pass
    return await bot.send_document(place, file.data, file.name, caption=file.caption, reply_to=reply_to)


def unshowable(refusal: Rejected) -> str:
    """Shown instead of a message that Telegram refuses."""
    return f"Сообщение есть в чате Avito, но Telegram его не принял: {refusal.reason[:200]}. Откройте чат на Avito."
