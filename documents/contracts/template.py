"""The texts of documents: a small markup with declared placeholders, fully checked when a text is loaded.

A text starts with `fields:` and `places:`, the names it uses; a line `---` ends the head. Paragraphs are separated by
blank lines: `# title`, `## heading`, `### subtitle`, `1.1. numbered clause`, `[[place]]` for a table, anything else is
plain text. Inside a paragraph `{{field}}` is replaced by a value and `**words**` are bold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from xml.sax import saxutils

from documents.contracts.glyphs import NO_BREAK_SPACE
from documents.contracts.typography import escape

TEMPLATES = Path(__file__).parent / "templates"

_NAME = re.compile(r"[a-z]+-v\d+(-[a-z]+)?")
_FIELD = re.compile(r"\{\{([a-z_]+)\}\}")
_PLACE = re.compile(r"\[\[([a-z_]+)\]\]")
_CLAUSE = re.compile(r"(\d+(?:\.\d+)+\.)\s+(.+)", re.DOTALL)
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
# No line ends with a short preposition or starts with a dash.
_SHORT_WORD = re.compile(
    r"(?<![\w-])([ВвНнИиКкСсОоУуАа]|[НнПпИиОоДдЗз][еоазт]|№|[Сс]тать[а-я]+|[Пп]ункт[а-я]*|[Рр]аздел[а-я]*) (?=\S)"
)


class TemplateError(ValueError):
    """An invalid text: an unknown, undeclared or unused field or place, or broken markup."""


class Kind(StrEnum):
    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    CLAUSE = "clause"
    BODY = "body"
    PLACE = "place"


@dataclass(frozen=True)
class Block:
    """One paragraph (`text` is safe markup with unfilled fields; `number` of a clause) or the name of a place."""

    kind: Kind
    text: str
    number: str = ""

    @property
    def stands(self) -> bool:
        """Whether the paragraph has no fields, so that it is the same in every document."""
        return not _FIELD.search(self.text)

    def filled(self, values: Mapping[str, str]) -> str:
        # One pass, so that a value that looks like a field is not replaced.
        return _FIELD.sub(lambda found: escape(values[found[1]]), self.text)


@cache
def load_template(name: str, fields: frozenset[str], places: frozenset[str]) -> tuple[Block, ...]:
    """Load a text by its name; `fields` and `places` are those that the caller can fill."""
    path = TEMPLATES / f"{name}.txt"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise TemplateError(f"there is no text {name!r}")
    return parse_template(name, path.read_text(encoding="utf-8"), fields, places)


def parse_template(name: str, text: str, fields: frozenset[str], places: frozenset[str]) -> tuple[Block, ...]:
    head, mark, body = text.partition("\n---\n")
    if not mark:
        raise TemplateError(f"{name}: the head with fields and places is missing")
    _check_names(name, "fields", _declared(name, head, "fields"), frozenset(_FIELD.findall(body)), fields)
    _check_names(name, "places", _declared(name, head, "places"), frozenset(_PLACE.findall(body)), places)
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", body))
    return tuple(_block(name, paragraph) for paragraph in paragraphs if paragraph)


def _declared(name: str, head: str, key: str) -> frozenset[str]:
    lines = [line for line in head.splitlines() if line.startswith(f"{key}:")]
    if len(lines) != 1:
        raise TemplateError(f"{name}: one line «{key}:» is needed")
    return frozenset(lines[0].removeprefix(f"{key}:").split())


def _check_names(name: str, key: str, declared: frozenset[str], used: frozenset[str], known: frozenset[str]) -> None:
    for problem, names in (
        ("undeclared", used - declared),
        ("declared and not used", declared - used),
        ("unknown", declared - known),
    ):
        if names:
            raise TemplateError(f"{name}: {key} {problem}: {', '.join(sorted(names))}")


def _block(name: str, paragraph: str) -> Block:
    place = _PLACE.fullmatch(paragraph)
    if place:
        return Block(Kind.PLACE, place[1])
    for mark, kind in (("# ", Kind.TITLE), ("## ", Kind.HEADING), ("### ", Kind.SUBTITLE)):
        if paragraph.startswith(mark):
            return Block(kind, _markup(name, paragraph.removeprefix(mark)))
    clause = _CLAUSE.fullmatch(paragraph)
    if clause:
        return Block(Kind.CLAUSE, _markup(name, clause[2]), number=clause[1])
    return Block(Kind.BODY, _markup(name, paragraph))


def _markup(name: str, text: str) -> str:
    bare = _FIELD.sub("", _BOLD.sub("", text))
    if any(sign in bare for sign in ("{{", "}}", "[[", "]]", "**")):
        raise TemplateError(f"{name}: broken markup in «{text[:60]}»")
    safe = _BOLD.sub(r"<b>\1</b>", saxutils.escape(text))
    # Twice, because a match consumes the space before the next short word.
    for _ in range(2):
        safe = _SHORT_WORD.sub(rf"\1{NO_BREAK_SPACE}", safe)
    return safe.replace(" —", f"{NO_BREAK_SPACE}—").replace("— «", f"—{NO_BREAK_SPACE}«")
