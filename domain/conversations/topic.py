"""Texts of a topic: its name, its card, and messages under who has said them.

What a buyer has written stands in a block quotation that begins with «Покупатель», in each part of a long text and
under each file. The product sets quotations around nothing else, and a text cannot set one: so no text looks like
another author's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.kernel.text import AVITO_TEXT, TELEGRAM_TEXT, one_line, shorten, split_text, utf16

TOPIC_NAME: Final = 128
"""Longest topic name that Telegram takes."""

REPEAT_MARK: Final = "↻ возможен повтор"
"""Mark over a message that may be in the topic already."""

BUYER: Final = "Покупатель"
FROM_APP: Final = "Ответ из приложения Avito"
SYSTEM: Final = "Системное сообщение Avito"
MOST_TOGETHER: Final = 50
"""Messages in one of Telegram, which heeds 100 entities."""

_BUYER_NAME: Final = 40
_TITLE: Final = 300
_LINE: Final = 200
_BETWEEN: Final = " · "
_SEPARATORS: Final = re.compile(r"\s*[·•∙⋅‧・]\s*")
_BLANK_LINES: Final = re.compile(
    r"\n(?:[\s\u00ad\u115f\u1160\u180e\u200b-\u200f\u2060\u2800\u3164\ufeff\uffa0]*\n){2,}"
)


@dataclass(frozen=True)
class Speech:
    """One message: `said` by who is named in `label`, then what the product has `told` about it.

    `quoted`: by the buyer. `repeated`: it may be in the topic already.
    """

    said: str = ""
    label: str = ""
    told: str = ""
    quoted: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Post:
    """A text for Telegram; `quotes`: offset and length of the block quotations, in UTF-16 units."""

    text: str
    quotes: tuple[tuple[int, int], ...] = ()

    def __add__(self, other: "Post") -> "Post":
        """Both, with a blank line between them."""
        text = f"{self.text}\n\n"
        moved = tuple((offset + utf16(text), length) for offset, length in other.quotes)
        return Post(text + other.text, self.quotes + moved)


def posts(speeches: Iterable[Speech], limit: int = TELEGRAM_TEXT) -> tuple[Post, ...]:
    """Texts of at most `limit` UTF-16 units; as many messages as fit stand in one."""
    done: list[Post] = []
    for speech in speeches:
        first, *others = _parts(speech, limit)
        if done and utf16((together := done[-1] + first).text) <= limit:
            done[-1] = together
        else:
            done.append(first)
        done += others
    return tuple(done)


def topic_name(number: int, title: str, buyer: str) -> str:
    """For example «Велосипед Stels · Ольга · №12»; a long title is shortened, the number never.

    Neither title nor name can hold the sign between the parts. Without a title it begins with «Покупатель».
    """
    title, buyer = _part_of_name(title), shorten(_part_of_name(buyer), _BUYER_NAME)
    if not title and buyer:
        buyer = f"{BUYER} {buyer}"
    tail = _BETWEEN.join(part for part in (buyer, f"№{number}") if part)
    head = shorten(title, TOPIC_NAME - utf16(tail) - len(_BETWEEN))
    return f"{head}{_BETWEEN}{tail}" if head else tail


def card_text(title: str, price: str | None, city: str | None, url: str | None, buyer: str, account: str) -> str:
    """Pinned card of the listing; a chat without a listing has one too. Each line says what it holds."""
    title = shorten(one_line(title), _TITLE)
    address = one_line(url or "")
    lines = [
        f"Объявление: {title}" if title else "Чат без объявления",
        _labelled("Цена", price),
        _labelled("Город", city),
        address if address.startswith(("https://", "http://")) else "",
        _labelled("Покупатель", buyer or "имя не указано"),
        _labelled("Аккаунт Avito", account),
    ]
    return "\n".join(line for line in lines if line)


def is_note(text: str) -> bool:
    """An internal note of the staff, not sent to the buyer."""
    return text.lstrip().startswith("//")


def is_command(text: str) -> bool:
    """A command of staff, to this bot or another; a note is none."""
    return text.lstrip().startswith("/") and not is_note(text)


def parts_notice(parts: int) -> str:
    """Notice in the topic about a long answer."""
    word = "частью" if parts % 10 == 1 and parts % 100 != 11 else "частями"
    return f"Ответ длиннее {AVITO_TEXT} символов: покупателю он уйдёт {parts} {word}."


def _parts(speech: Speech, limit: int) -> list[Post]:
    """At least one; each part of what the buyer has said has its label and its quotation."""
    mark = f"{REPEAT_MARK}\n" if speech.repeated else ""
    label = f"{speech.label}: " if speech.label else ""
    said = _tidy(speech.said) if speech.quoted else speech.said
    if not said and speech.told and not speech.quoted:
        # Nothing is said: the label belongs to what is told.
        return _plain(mark, label + speech.told, limit)
    texts = split_text(said, limit - utf16(mark) - utf16(label))
    if not texts and speech.told:
        return _plain(mark, speech.told, limit)
    parts = [_said(mark if at == 0 else "", label, text, speech, at) for at, text in enumerate(texts)]
    parts = parts or [_said(mark, speech.label, "", speech, 0)]
    if speech.told:
        joined = Post(f"{parts[-1].text}\n{speech.told}", parts[-1].quotes)
        parts = [*parts[:-1], joined] if utf16(joined.text) <= limit else [*parts, *_plain("", speech.told, limit)]
    return parts


def _said(mark: str, label: str, text: str, speech: Speech, at: int) -> Post:
    words = label + text if speech.quoted or at == 0 else text
    return Post(mark + words, ((utf16(mark), utf16(words)),) if speech.quoted and words else ())


def _plain(mark: str, text: str, limit: int) -> list[Post]:
    return [Post(part) for part in split_text(mark + text, limit)] or [Post("(пустое сообщение)")]


def _tidy(text: str) -> str:
    """Without long empty stretches, behind which another message seems to begin."""
    return _BLANK_LINES.sub("\n\n", text).strip()


def _part_of_name(text: str) -> str:
    return one_line(_SEPARATORS.sub(" - ", one_line(text)))


def _labelled(label: str, value: str | None) -> str:
    value = shorten(one_line(value or ""), _LINE)
    return f"{label}: {value}" if value else ""
