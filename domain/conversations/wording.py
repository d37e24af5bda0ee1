"""What a message says, in words: one place for the topic, the app, the API and the export."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.conversations.content import Inbound, Kind, read_stored
from domain.kernel.text import is_blank, one_line

# Embeddings, overrides and isolates of the bidi algorithm: they show a line in another order than it is written.
_REORDERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OPEN_CHAT: Final = " Откройте чат на Avito."

# Kinds whose contents the Messenger API leaves empty, or may leave empty.
_NOT_GIVEN: Final = {
    Kind.VIDEO: "видео",
    Kind.FILE: "файл",
    Kind.IMAGE: "изображение",
    Kind.VOICE: "голосовое сообщение",
    Kind.LOCATION: "место на карте",
    Kind.ITEM: "объявление",
    Kind.LINK: "сообщение со ссылкой",
}


@dataclass(frozen=True)
class Wording:
    """`said`: words of the author; `told`: what the product says about the message. Both empty: a file says it all."""

    said: str = ""
    told: str = ""

    @property
    def text(self) -> str:
        return lines(self.said, self.told)


def wording(kind: str, body: Mapping[str, Any], *, from_avito: bool, by_buyer: bool = False) -> Wording:
    """Of a stored message; `from_avito`: it came from there, else it goes there. `by_buyer`: not by the seller."""
    if kind == Kind.NOTICE:
        return Wording(told=str(body.get("text") or ""))
    if not from_avito:
        return Wording(said=reply_text(kind, body))
    return inbound_wording(read_stored(kind, body), by_buyer=by_buyer)


def inbound_wording(inbound: Inbound, *, by_buyer: bool) -> Wording:
    found = _wording(inbound, by_buyer)
    return Wording(_REORDERING.sub("", found.said), found.told)


def reply_text(kind: str, body: Mapping[str, Any]) -> str:
    """Text for the buyer of a message of staff: of a contact and a place what it holds."""
    text = str(body.get("text") or "")
    if kind == Kind.CONTACT:
        return lines(text, str(body.get("name") or ""), str(body.get("phone") or ""))
    if kind == Kind.LOCATION:
        spot = f"{body.get('latitude')}, {body.get('longitude')}" if "latitude" in body else ""
        return lines(text, *(str(body.get(name) or "") for name in ("title", "address")), spot)
    return text


def lines(*given: str | None) -> str:
    return "\n".join(line for line in given if line)


def _wording(inbound: Inbound, by_buyer: bool) -> Wording:
    text = "" if is_blank(inbound.text) else inbound.text
    match inbound.kind:
        case Kind.TEXT:
            return Wording(text) if text else Wording(told="(пустое сообщение)")
        case Kind.IMAGE if inbound.image_url:
            return Wording(text)
        case Kind.VOICE if inbound.voice_id:
            return Wording(text)
        case Kind.LINK if text or inbound.link_url:
            return Wording(_link(inbound, text))
        case Kind.ITEM if inbound.item_title or inbound.item_price or inbound.item_url:
            title = one_line(inbound.item_title or "")
            listing = f"Объявление: {title}" if title else "Объявление"
            return Wording(lines(text, listing, inbound.item_price, inbound.item_url))
        case Kind.LOCATION if inbound.latitude is not None or inbound.place_title or text:
            return Wording(_place(inbound, text))
        case Kind.CALL:
            return Wording(text, _call(inbound, by_buyer))
        case Kind.APP_CALL:
            return Wording(text, "☎ Звонок через приложение Avito: подробностей Avito не отдаёт." + _OPEN_CHAT)
        case Kind.DELETED:
            return Wording(told="Покупатель удалил сообщение." if by_buyer else "(сообщение удалено)")
        case Kind.SYSTEM:
            return _system(inbound, text)
        case Kind.UNKNOWN if text:
            return Wording(text, f"({_unknown(inbound)}; всё ли в нём текст, видно в чате на Avito)")
        case kind:
            return Wording(text, _not_given(_NOT_GIVEN.get(kind) or _unknown(inbound), by_buyer) + _OPEN_CHAT)


def _link(inbound: Inbound, text: str) -> str:
    """The text, the title of what it links to, and the address unless the text holds it as a word."""
    url, title = one_line(inbound.link_url or ""), one_line(inbound.link_title or "")
    held = url and re.search(rf"(?<!\S){re.escape(url)}[.,;:!?)\]»\"']*(?!\S)", text)
    return lines(text, f"«{title}»" if title and title not in text else "", "" if held else url)


def _place(inbound: Inbound, text: str) -> str:
    words = dict.fromkeys(word for word in (inbound.place_title, text) if word)
    known = inbound.latitude is not None and inbound.longitude is not None
    return "📍 " + lines(*words, f"{inbound.latitude:.6f}, {inbound.longitude:.6f}" if known else None)


def _call(inbound: Inbound, by_buyer: bool) -> str:
    call = "☎ Пропущенный звонок" if inbound.call_status is None else "☎ Звонок"
    return f"{call} от покупателя." if by_buyer else f"{call}."


def _system(inbound: Inbound, text: str) -> Wording:
    text = text or "(без текста)"
    if inbound.is_autoresponder:
        return Wording(lines("Покупателю ответил автоответчик самого Avito:", text))
    return Wording(text)


def _unknown(inbound: Inbound) -> str:
    return f"сообщение неизвестного вида «{inbound.type_name}»" if inbound.type_name else "сообщение неизвестного вида"


def _not_given(what: str, by_buyer: bool) -> str:
    return f"Покупатель прислал {what}: Avito его не отдаёт." if by_buyer else f"{what}, Avito его не отдаёт."
