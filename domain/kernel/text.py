"""Texts: what people type, cleaned; messages between Avito and Telegram: length, splitting, joining, comparing."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

AVITO_TEXT: Final = 1000
"""Longest message of Avito. Its unit is not published; UTF-16 units are the strictest interpretation."""

TELEGRAM_TEXT: Final = 4096
TELEGRAM_CAPTION: Final = 1024

_ZWJ: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
# Places for a cut, best first: paragraph, line, sentence.
_PAUSES: Final = tuple(re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?…])[»\")]*\s"))
_SPACE: Final = re.compile(r"\s")
_UNFIT: Final = ("Cc", "Cs", "Co", "Cn")
_BLANK_CATEGORIES: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_JOINERS: Final = "\u200c\u200d"
_VARIATIONS: Final = "\ufe0e\ufe0f"
_HIDDEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202c\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode 17 and the interlinear annotations, without what may be seen in its place."""
_ALWAYS_INVISIBLE: Final = re.compile(f"[{_HIDDEN}]")
_INVISIBLE: Final = re.compile(f"[{_HIDDEN}{_JOINERS}{_VARIATIONS}\U000e0020-\U000e007f]")
_OVERRIDES: Final = "\u202d\u202e"
_ENDS: Final = re.compile(rf"\A[\s\u2800{_OVERRIDES}]+|[\s\u2800{_OVERRIDES}]+\Z")
_LINE_ENDS: Final = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_SCRIPTS_THAT_JOIN: Final = range(0x0600, 0x1D00)
"""From Arabic to the scripts of India and South-East Asia, where a joiner changes what is seen."""

_APOSTROPHES: Final = "`´ʹʻʼʽˈˊˋ՚׳‘’‛′‵\ua78c｀＇"
_HYPHENS: Final = (
    "\u02d7\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2796\u2e3a\u2e3b\ufe58\ufe63\uff0d"
)
_AS_TYPED_ON_A_KEYBOARD: Final = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_HYPHENS, "-"))


@dataclass(frozen=True)
class Group:
    """The first `count` remaining texts, joined."""

    count: int
    text: str


def utf16(text: str) -> int:
    """Length in UTF-16 units: an emoji counts twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def is_blank(text: str) -> bool:
    """Whether the text has no visible character; Telegram refuses such a text."""
    seen = _INVISIBLE.sub("", text)
    return all(unicodedata.category(char) in _BLANK_CATEGORIES or char in _BLANK_LETTERS for char in seen)


def cleaned(text: str) -> str:
    """A text that a person typed or pasted: NFC, line ends as `\\n`, no space around it, nothing invisible.

    Joiners and variation selectors stay where they change what is seen: in emoji and in scripts of the East.
    Direction overrides disguise what stands between them: at the ends they are removed, elsewhere left to
    `is_unfit`. A text that NFC makes longer stays unnormalised, because of limits of length.
    """
    seen = _without_invisible(_LINE_ENDS.sub("\n", text))
    normal = unicodedata.normalize("NFC", seen)
    return _ENDS.sub("", normal if len(normal) <= len(text) else seen)


def cleaned_line(text: str) -> str:
    """A cleaned text in one line: one space between words."""
    return " ".join(cleaned(text).split())


def visible(text: str) -> str:
    """For values that are no prose, such as phones, e-mail addresses and names: without any invisible character."""
    return cleaned_line(_INVISIBLE.sub("", text))


def keyboard_signs(text: str) -> str:
    """Apostrophes, hyphens and their look-alikes as `'` and `-`."""
    return text.translate(_AS_TYPED_ON_A_KEYBOARD)


def is_unfit(text: str) -> bool:
    """Whether a cleaned text has characters of no script: control, surrogate, private, unassigned, overrides."""
    return any(sign in _OVERRIDES or (sign not in "\n\t" and unicodedata.category(sign) in _UNFIT) for sign in text)


def split_text(text: str, limit: int = AVITO_TEXT) -> tuple[str, ...]:
    """Split into parts of at most `limit` UTF-16 units, between paragraphs, lines, sentences, words, else characters.

    Only white space at a cut is lost. A text that fits is unchanged; a blank text has no parts.
    """
    parts: list[str] = []
    rest = text
    while len(rest) > limit or utf16(rest) > limit:
        part, rest = _cut(rest, limit)
        if part:
            parts.append(part)
    if rest.strip():
        parts.append(rest)
    return tuple(parts)


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with «…», in at most `limit` (3 or more) UTF-16 units."""
    if utf16(text) <= limit:
        return text
    return text[: _cluster_end(text, _fitting(text, limit - 1))].rstrip() + "…"


def one_line(text: str) -> str:
    """Normalise a name or title: no line breaks, control or invisible characters; one space between words."""
    seen = (" " if char.isspace() else char for char in text if char.isspace() or not _is_hidden(char))
    return " ".join("".join(seen).split())


def coalesce(texts: Sequence[str], limit: int = TELEGRAM_TEXT) -> tuple[Group, ...]:
    """Queued texts joined by a blank line, in order, up to the limit; a longer text stays alone."""
    groups: list[Group] = []
    for text in texts:
        joined = f"{groups[-1].text}\n\n{text}" if groups else ""
        if groups and utf16(joined) <= limit:
            groups[-1] = Group(groups[-1].count + 1, joined)
        else:
            groups.append(Group(1, text))
    return tuple(groups)


def normalised(text: str) -> str:
    """Normal form to compare a sent text with a listed one: NFC, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def matches_keywords(text: str, keywords: Iterable[str]) -> bool:
    """Whether the text has a keyword as whole words, ignoring case, with «ё» as «е»; «реклам*» matches a beginning."""
    folded = _fold(text)
    return any(_stands_in(folded, keyword) for keyword in map(_fold, keywords) if keyword.strip("* "))


def _without_invisible(text: str) -> str:
    """Keeps the joiners, variation selectors and tags that change what is seen."""
    kept: list[str] = []
    signs = _ALWAYS_INVISIBLE.sub("", text)
    for at, sign in enumerate(signs):
        if not _INVISIBLE.match(sign) or _is_seen(sign, kept[-1] if kept else " ", signs[at + 1 : at + 2] or " "):
            kept.append(sign)
    return "".join(kept)


def _is_seen(sign: str, before: str, after: str) -> bool:
    if sign in _VARIATIONS:
        return after == "\u20e3" or before in "‼⁉" or unicodedata.category(before) == "Sm" or _joins(before)
    if ord(sign) in _TAGS:
        return before == "\U0001f3f4" or ord(before) in _TAGS
    return sign in _JOINERS and (_joins(before) or before == "\ufe0f") and _joins(after)


def _joins(sign: str) -> bool:
    """Whether a joiner beside this character has a meaning."""
    kind = unicodedata.category(sign) if sign not in _BLANK_LETTERS else "Zs"
    return kind in ("So", "Sk") or (ord(sign) in _SCRIPTS_THAT_JOIN and kind[0] in "LM")


def _stands_in(folded: str, keyword: str) -> bool:
    end = "" if keyword.endswith("*") else r"(?!\w)"
    return re.search(rf"(?<!\w){re.escape(keyword.rstrip('* '))}{end}", folded) is not None


def _fold(text: str) -> str:
    return normalised(text).lower().replace("ё", "е")


def _cut(text: str, limit: int) -> tuple[str, str]:
    """The first part and the rest of a text longer than `limit`."""
    at = _place_of_cut(text, _fitting(text, limit))
    return text[:at].rstrip(), text[at:].lstrip()


def _place_of_cut(text: str, most: int) -> int:
    """At most `most`: after the last pause of the best kind in the second half, else after a space, else anywhere."""
    # A space directly after the part may be cut at, too.
    window = text[: most + 1]
    for pause in _PAUSES:
        found = [match.end() for match in pause.finditer(window, most // 2)]
        if found:
            return min(found[-1], most)
    spaces = [match.end() for match in _SPACE.finditer(window)]
    return min(spaces[-1], most) if spaces else _cluster_end(text, most)


def _fitting(text: str, limit: int) -> int:
    """Number of code points from the beginning that fit into `limit` UTF-16 units; at least one."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > limit:
            return max(index, 1)
    return len(text)


def _cluster_end(text: str, at: int) -> int:
    """The nearest boundary of visible characters at or before `at`; `at` itself if there is none."""
    place = at
    while place > 0 and _holds_together(text, place):
        place -= 1
    return place or at


def _holds_together(text: str, at: int) -> bool:
    """Whether `at` is inside one visible character: an accent, a family of emoji, a flag."""
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if after == _ZWJ or before == _ZWJ or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if ord(after) in _SKIN_TONES or ord(after) in _TAGS:
        return True
    return ord(after) in _FLAG_LETTERS and _flag_letters_before(text, at) % 2 == 1


def _flag_letters_before(text: str, at: int) -> int:
    count = 0
    while count < at and ord(text[at - count - 1]) in _FLAG_LETTERS:
        count += 1
    return count


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") or (
        unicodedata.category(char) == "Cf" and char != _ZWJ and ord(char) not in _TAGS
    )
