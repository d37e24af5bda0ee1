"""Texts as Telegram takes them: length in UTF-16 units, entities inside the text, HTML turned into entities."""

from html.parser import HTMLParser
from typing import Any

from sandbox.telegram.errors import invalid

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_TOPIC = 4096, 1024, 128

ENTITIES = frozenset(
    {
        *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "text_link", "text_mention"),
        *("bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"),
        *("code", "pre", "custom_emoji", "date_time"),
    }
)
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "a": "text_link",
}


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def checked(
    text: str, entities: list[dict[str, Any]], parse_mode: str | None, longest: int, too_long: str
) -> tuple[str, list[dict[str, Any]]]:
    """The text that is shown and its entities. Refused: malformed markup, entities outside of the text, too long."""
    if parse_mode and parse_mode.upper() != "HTML":
        raise invalid("unsupported parse_mode (the sandbox reads HTML and entities only)")
    if parse_mode:
        text, entities = _parsed(text)
    for entity in entities:
        _check_entity(entity, units(text))
    if units(text) > longest:
        raise invalid(too_long)
    return text, entities


def _check_entity(entity: dict[str, Any], length: int) -> None:
    offset, size = entity.get("offset"), entity.get("length")
    if entity.get("type") not in ENTITIES:
        raise invalid("can't parse MessageEntity: unsupported type")
    if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size < 1:
        raise invalid("can't parse MessageEntity: offset and length must be non-negative")
    if offset + size > length:
        raise invalid("entity beyond the end of the text")
    if entity["type"] == "text_link" and not entity.get("url"):
        raise invalid("can't parse MessageEntity: url is required")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise invalid(f'can\'t parse entities: Unsupported start tag "{tag}"')
        entity: dict[str, Any] = {"type": TAGS[tag], "offset": units(self.text), "length": 0}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self.open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise invalid("can't parse entities: Unexpected end tag")
        entity = self.open.pop()[1]
        entity["length"] = units(self.text) - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data


def _parsed(markup: str) -> tuple[str, list[dict[str, Any]]]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    if reader.open:
        raise invalid("can't parse entities: Can't find end tag")
    return reader.text, sorted(reader.entities, key=lambda entity: entity["offset"])
