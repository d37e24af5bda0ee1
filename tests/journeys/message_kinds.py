"""Everything that a buyer or the staff may send, and what the other side must then see of it."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from PIL import Image

from sandbox.avito.samples import make_voice
from tests.journeys.conversation_setup import BuyerChat
from tests.journeys.product import eventually

LONG: Final = " ".join(f"Предложение номер {number} о состоянии велосипеда." for number in range(60))
"""More than Avito takes in one message, and less than Telegram does."""


@dataclass(frozen=True)
class Shown:
    """One post of the bot in the topic; `answers`: words of the post that it replies to."""

    kind: str
    words: str = ""
    sha256: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Got:
    """At the buyer's: a text, in parts if it is long, or a picture. A `sha256` of "" is any picture."""

    type: str
    text: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Told:
    """What the topic says in reply to a message of the staff, and the reaction that is on it in the end."""

    message_id: int
    words: str
    reaction: str


BuyerAct: TypeAlias = Callable[[BuyerChat, str], Awaitable[list[Shown]]]
StaffAct: TypeAlias = Callable[[BuyerChat, str], Awaitable[tuple[list[Got], list[Told]]]]


def picture(mark: str) -> bytes:
    """A picture that no other mark has, larger than the smallest that Telegram makes of it."""
    digest = hashlib.sha256(mark.encode()).digest()
    out = io.BytesIO()
    Image.new("RGB", (200 + digest[3], 160), (digest[0], digest[1], digest[2])).save(out, "PNG")
    return out.getvalue()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# The buyer.


async def text(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(f"{mark} Ещё продаётся? <b>&amp; _*`")
    return [Shown("text", f"{mark} Ещё продаётся? <b>&amp; _*`")]


async def long_text(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(f"{mark} {LONG}")
    return [Shown("text", f"{mark} {LONG}")]


async def image(chat: BuyerChat, mark: str) -> list[Shown]:
    data = picture(mark)
    await chat.says(type="image", image=b64(data))
    return [Shown("photo", sha256=sha(data))]


async def pictures(chat: BuyerChat, mark: str) -> list[Shown]:
    return [*await image(chat, f"{mark}1"), *await image(chat, f"{mark}2")]


async def voice(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(type="voice", voice=b64(make_voice(0.2)))
    return [Shown("voice")]


async def link(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(f"{mark} смотрите https://example.com/{mark}?a=1&b=2", type="link")
    return [Shown("text", f"{mark} смотрите https://example.com/{mark}?a=1&b=2")]


async def item(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(f"{mark} Насос", type="item")
    return [Shown("text", f"{mark} Насос\n700 ₽")]


async def location(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(f"{mark} Тула, Ленина 1", type="location")
    return [Shown("text", f"{mark} Тула, Ленина 1"), Shown("venue")]


async def missed_call(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(type="call")
    return [Shown("text", "☎ Пропущенный звонок")]


async def quotation(chat: BuyerChat, mark: str) -> list[Shown]:
    quoted = await chat.says(f"{mark} первое")
    await chat.says(f"{mark} второе", quote_id=quoted)
    return [Shown("text", f"{mark} первое"), Shown("text", f"{mark} второе", answers=f"{mark} первое")]


async def deleted(chat: BuyerChat, mark: str) -> list[Shown]:
    said = await chat.says(f"{mark} передумал")
    shown = await chat.shows(f"{mark} передумал")
    await chat.deletes(said)

    async def told() -> bool:
        return any(post["reply_to"] == shown["message_id"] for post in await chat.posts())

    await eventually(told, f"{mark} is told to be deleted")
    return [
        Shown("text", f"{mark} передумал"),
        Shown("text", "Это сообщение удалено в чате Avito.", answers=f"{mark} передумал"),
    ]


async def video(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(type="video")
    return [Shown("text", "Покупатель прислал видео: Avito его не отдаёт. Откройте чат")]


async def file(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(type="file")
    return [Shown("text", "Покупатель прислал файл: Avito его не отдаёт. Откройте чат")]


async def app_call(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(type="appCall")
    return [Shown("text", "☎ Звонок через приложение Avito")]


async def unknown(chat: BuyerChat, mark: str) -> list[Shown]:
    await chat.says(type="hologram")
    return [Shown("text", "«hologram»")]


async def system(chat: BuyerChat, mark: str) -> list[Shown]:
    """Hidden: the organisation's setting at first."""
    await chat.says(f"{mark} скидка", type="system")
    return []


BUYER: Final[Sequence[BuyerAct]] = (
    *(text, long_text, image, pictures, voice, link, item, location, missed_call, quotation),
    *(deleted, video, file, app_call, unknown, system),
)

# What is seen beside what must be.


def is_shown(wanted: Shown, post: Mapping[str, Any], by_id: Mapping[int, Mapping[str, Any]]) -> bool:
    words = str(post["text"] or post["caption"] or "")
    answered = by_id.get(post["reply_to"] or 0, {})
    return (
        post["kind"] == wanted.kind
        and wanted.words in words
        and (not wanted.sha256 or post["sha256"] == [wanted.sha256])
        and wanted.answers in str(answered.get("text") or "")
    )
