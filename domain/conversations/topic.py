"""Texts of a topic: its name, its card and messages in words."""

from typing import Final

from domain.conversations.content import Inbound, Kind
from domain.kernel.text import AVITO_TEXT, is_blank, one_line, shorten, utf16

TOPIC_NAME: Final = 128
"""Longest topic name that Telegram takes."""

REPEAT_MARK: Final = "↻ возможен повтор"
"""Mark over a message that may be in the topic already."""

FROM_APP: Final = "Ответ из приложения Avito"
_OPEN_CHAT: Final = " Откройте чат на Avito."
_BUYER_NAME: Final = 40
_TITLE: Final = 300
_LINE: Final = 200

# Kinds whose contents the Messenger API leaves empty, or may leave empty.
_NOT_GIVEN: Final = {
    Kind.VIDEO: "видео",
    Kind.FILE: "файл",
    Kind.IMAGE: "изображение",
    Kind.VOICE: "голосовое сообщение",
    Kind.LOCATION: "место на карте",
    Kind.ITEM: "объявление",
}


def topic_text(inbound: Inbound, *, buyer: str, from_app: bool = False) -> str:
    """Text of a message in the topic; empty for a picture or a voice message.

    May exceed Telegram's limit: the caller splits it. `from_app`: written by the seller in Avito's app.
    """
    body = _body(inbound, one_line(buyer), from_app)
    if from_app:
        return f"{FROM_APP}: {body}" if body else FROM_APP
    return body


def repeated(text: str) -> str:
    """The text under the mark of a possible repeat."""
    return f"{REPEAT_MARK}\n{text}" if text else REPEAT_MARK


def topic_name(number: int, title: str, buyer: str) -> str:
    """For example «Велосипед Stels · Ольга · №12»; a long title is shortened, the number never."""
    tail = " · ".join(part for part in (shorten(one_line(buyer), _BUYER_NAME), f"№{number}") if part)
    room = TOPIC_NAME - utf16(tail) - len(" · ")
    head = shorten(one_line(title), room)
    return f"{head} · {tail}" if head else tail


def card_text(title: str, price: str | None, city: str | None, url: str | None, buyer: str, account: str) -> str:
    """Pinned card of the listing; a chat without a listing has one too."""
    lines = [
        shorten(one_line(title), _TITLE) or "Чат без объявления",
        _labelled("Цена", price),
        _labelled("Город", city),
        url.strip() if url else "",
        _labelled("Покупатель", buyer or "имя не указано"),
        _labelled("Аккаунт Avito", account),
    ]
    return "\n".join(line for line in lines if line)


def is_note(text: str) -> bool:
    """An internal note of the staff, not sent to the buyer."""
    return text.lstrip().startswith("//")


def parts_notice(parts: int) -> str:
    """Notice in the topic about a long answer."""
    word = "частью" if parts % 10 == 1 and parts % 100 != 11 else "частями"
    return f"Ответ длиннее {AVITO_TEXT} символов: покупателю он уйдёт {parts} {word}."


def _body(inbound: Inbound, buyer: str, from_app: bool) -> str:
    match inbound.kind:
        case Kind.TEXT:
            return "(пустое сообщение)" if is_blank(inbound.text) else inbound.text
        case Kind.IMAGE if inbound.image_url:
            return ""
        case Kind.VOICE if inbound.voice_id:
            return ""
        case Kind.LINK if inbound.text or inbound.link_url:
            return _link(inbound)
        case Kind.ITEM if inbound.item_title or inbound.item_url:
            return _lines("Объявление:", inbound.item_title, inbound.item_price, inbound.item_url)
        case Kind.LOCATION if inbound.latitude is not None or inbound.place_title or inbound.text:
            return _place(inbound)
        case Kind.CALL:
            return f"☎ Пропущенный звонок: {buyer}" if buyer else "☎ Пропущенный звонок"
        case Kind.APP_CALL:
            return "☎ Звонок через приложение Avito: подробностей Avito не отдаёт." + _OPEN_CHAT
        case Kind.DELETED:
            return "(сообщение удалено)" if from_app else "Покупатель удалил сообщение."
        case Kind.SYSTEM:
            return _system(inbound)
        case kind:
            return _not_given(_NOT_GIVEN.get(kind) or _unknown(inbound), from_app) + _OPEN_CHAT


def _link(inbound: Inbound) -> str:
    """The text, with the URL if the text does not hold it."""
    if inbound.link_url and inbound.link_url not in inbound.text:
        return _lines(inbound.text, inbound.link_url)
    return inbound.text


def _place(inbound: Inbound) -> str:
    words = dict.fromkeys(word for word in (inbound.place_title, inbound.text) if word)
    known = inbound.latitude is not None and inbound.longitude is not None
    return "📍 " + _lines(*words, f"{inbound.latitude:.6f}, {inbound.longitude:.6f}" if known else None)


def _system(inbound: Inbound) -> str:
    if inbound.is_autoresponder:
        return _lines("Покупателю ответил автоответчик самого Avito:", inbound.text or "(без текста)")
    return f"Системное сообщение Avito: {inbound.text or '(без текста)'}"


def _unknown(inbound: Inbound) -> str:
    if inbound.kind is Kind.LINK:
        return "сообщение со ссылкой"
    return f"сообщение неизвестного вида «{inbound.type_name}»" if inbound.type_name else "сообщение неизвестного вида"


def _not_given(what: str, from_app: bool) -> str:
    return f"{what}, Avito его не отдаёт." if from_app else f"Покупатель прислал {what}: Avito его не отдаёт."


def _labelled(label: str, value: str | None) -> str:
    value = shorten(one_line(value or ""), _LINE)
    return f"{label}: {value}" if value else ""


def _lines(*lines: str | None) -> str:
    return "\n".join(line for line in lines if line)
