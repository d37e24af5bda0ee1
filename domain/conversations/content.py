"""Content of Avito messages, read tolerantly: every field may be missing or null."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from typing import Any, Final

AVITO_AUTORESPONDER: Final = "flower_161071"
"""`flow_id` of system messages by the seller's autoresponder at Avito."""

MISSED: Final = "missed"
"""The only status of calls that is published."""

_SIZE = re.compile(r"(\d{1,6})\D(\d{1,6})")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]")


class Kind(StrEnum):
    """Kind of a message. The second group comes only from staff, the last goes only to them."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    LINK = "link"
    ITEM = "item"
    LOCATION = "location"
    CALL = "call"
    DELETED = "deleted"
    SYSTEM = "system"
    FILE = "file"
    VIDEO = "video"
    APP_CALL = "app_call"
    UNKNOWN = "unknown"

    STICKER = "sticker"
    CONTACT = "contact"
    COMMAND = "command"
    NOTE = "note"
    UNSUPPORTED = "unsupported"
    EDITED = "edited"

    NOTICE = "notice"


INTERNAL: Final = frozenset({Kind.COMMAND, Kind.NOTE, Kind.UNSUPPORTED, Kind.EDITED, Kind.NOTICE})
"""Kinds that no buyer sees: what staff write to each other or to the product, and its notices to them."""


_KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "link": Kind.LINK,
    "item": Kind.ITEM,
    "location": Kind.LOCATION,
    "call": Kind.CALL,
    "deleted": Kind.DELETED,
    "system": Kind.SYSTEM,
    "file": Kind.FILE,
    "video": Kind.VIDEO,
    "appCall": Kind.APP_CALL,
}
_STORED: Final[Mapping[str, Kind]] = {kind.value: kind for kind in Kind}


@dataclass(frozen=True)
class Inbound:
    """One message of Avito; missing fields are empty or null.

    `text`: whatever text came with it; `type_name`: Avito's word for an unknown kind; `call_status`: unless missed.
    """

    kind: Kind
    text: str = ""
    image_url: str | None = None
    voice_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place_title: str | None = None
    link_url: str | None = None
    link_title: str | None = None
    item_title: str | None = None
    item_price: str | None = None
    item_url: str | None = None
    flow_id: str | None = None
    type_name: str = ""
    call_status: str | None = None

    @property
    def is_autoresponder(self) -> bool:
        """Written by Avito's own autoresponder, which works beside ours."""
        return self.flow_id == AVITO_AUTORESPONDER


def read_content(type_name: str, content: Mapping[str, object] | None) -> Inbound:
    """Reads a message by Avito's type and content (of lists and webhooks); never fails."""
    content = content if isinstance(content, Mapping) else {}
    kind = _KINDS.get(type_name, Kind.UNKNOWN)
    text = _text(content, "text") or ""
    match kind:
        case Kind.TEXT | Kind.SYSTEM:
            return Inbound(kind, text=text, flow_id=_text(content, "flow_id"))
        case Kind.IMAGE:
            return Inbound(kind, text=text, image_url=largest(_part(_part(content, "image"), "sizes")))
        case Kind.VOICE:
            return Inbound(kind, text=text, voice_id=_text(_part(content, "voice"), "voice_id"))
        case Kind.LINK:
            return _link(_part(content, "link"), text)
        case Kind.ITEM:
            return _item(_part(content, "item"), text)
        case Kind.LOCATION:
            return _location(_part(content, "location"), text)
        case Kind.CALL:
            status = _text(_part(content, "call"), "status")
            return Inbound(kind, text=text, call_status=status if status != MISSED else None)
        case Kind.DELETED:
            return Inbound(kind)
        case Kind.UNKNOWN:
            # A new type probably has its part under its own name, as the known ones have.
            text = text or _text(content, type_name) or _text(_part(content, type_name), "text") or ""
            return Inbound(kind, text=text, type_name=_NOT_A_NAME.sub("", str(type_name))[:32])
        case _:
            return Inbound(kind, text=text)


def stored_body(inbound: Inbound) -> dict[str, Any]:
    """What is stored of a message of Avito; `read_stored` reads it."""
    fields = {one.name: getattr(inbound, one.name) for one in dataclass_fields(inbound) if one.name != "kind"}
    kept = {name: value for name, value in fields.items() if value not in (None, "")}
    return {"text": inbound.text} | kept


def read_stored(kind: str, body: Mapping[str, Any]) -> Inbound:
    """Also of bodies that earlier releases have stored: what they lack is empty."""
    known = {one.name for one in dataclass_fields(Inbound)} - {"kind"}
    return Inbound(_STORED.get(kind, Kind.UNKNOWN), **{name: value for name, value in body.items() if name in known})


def largest(sizes: Mapping[str, object]) -> str | None:
    """URL of the largest picture; keys are «width x height» of any size."""
    found = [(_area(key), url) for key, url in sizes.items() if isinstance(url, str) and url]
    return max(found, key=lambda one: one[0])[1] if found else None


def _area(size: str) -> int:
    match = _SIZE.fullmatch(size)
    return int(match[1]) * int(match[2]) if match else 0


def _link(link: Mapping[str, object], text: str) -> Inbound:
    preview = _part(link, "preview")
    url = _text(link, "url") or _text(preview, "url")
    said = _text(link, "text") or text or url or ""
    return Inbound(Kind.LINK, text=said, link_url=url, link_title=_text(preview, "title"))


def _item(item: Mapping[str, object], text: str) -> Inbound:
    return Inbound(
        Kind.ITEM,
        text=text,
        item_title=_text(item, "title"),
        item_price=_text(item, "price_string"),
        item_url=_text(item, "item_url"),
        image_url=_text(item, "image_url"),
    )


def _location(location: Mapping[str, object], text: str) -> Inbound:
    latitude, longitude = _degrees(location, "lat", 90), _degrees(location, "lon", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    return Inbound(
        Kind.LOCATION,
        text=_text(location, "text") or text,
        latitude=latitude,
        longitude=longitude,
        place_title=_text(location, "title"),
    )


def _part(content: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = content.get(name)
    return {str(key): value for key, value in found.items()} if isinstance(found, Mapping) else {}


def _text(content: Mapping[str, object], name: str) -> str | None:
    """Without NUL and unpaired surrogates, which neither Telegram nor PostgreSQL takes."""
    found = content.get(name)
    if not isinstance(found, str):
        return None
    return found.replace("\x00", "").encode(errors="replace").decode() or None


def _degrees(content: Mapping[str, object], name: str, most: int) -> float | None:
    found = content.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if math.isfinite(found) and abs(found) <= most else None
