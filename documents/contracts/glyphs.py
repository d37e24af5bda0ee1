"""What of a text can be printed: invisible signs go, some characters have a plain replacement, the rest is named.

Right-to-left scripts are refused although the spare typeface has some of their letters: ReportLab draws in the order of
storage. So are combining accents that no composed letter replaces: without positioning they stand beside their letter.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final

from documents.contracts.typefaces import BOLD, ITALIC, REGULAR, SPARE, SPARE_BOLD, covered

NO_BREAK_SPACE: Final = "\u00a0"

STRESS: Final = "\u0301"
"""The only accent that PT Sans places over its letter; Russian texts mark the stress with it."""

_LINE_ENDS: Final = frozenset("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_NO_BREAK_SPACES: Final = frozenset("\u2007\u202f\u00a0")
# Fillers are letters and blank braille is a symbol by their category, yet nothing is seen of them.
_UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc\u20e3")
_BROKEN: Final = "\ufffd"
_SPACE_LIKE: Final = frozenset("\t\u2800")
_VARIATIONS: Final = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_PLAIN: Final = {"\u2010": "-", "\u2043": "-", "\u02d7": "-", "\uff0d": "-"}
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


def plain(text: str) -> str:
    """The text as it is printed: NFC, `\\n` for every end of a line, nothing invisible, plain replacements.

    Idempotent. Characters that cannot be printed stay; `unprintable` finds them.
    """
    if text.isprintable() and _usual().issuperset(text) and STRESS not in text:
        return unicodedata.normalize("NFC", text)
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", "".join(map(_plain, composed)))


def unprintable(text: str) -> str | None:
    """The first character of a text that no typeface of ours can show, None if there is none."""
    shown = plain(text)
    return next((sign for at, sign in enumerate(shown) if not _is_printable(sign, shown[at - 1] if at else "")), None)


def spelled(text: str) -> str:
    """The text with `[U+1F3AE]` for what cannot be printed: for values that nobody can correct any more."""
    shown = plain(text)
    return "".join(
        sign if _is_printable(sign, shown[at - 1] if at else "") else f"[U+{ord(sign):04X}]"
        for at, sign in enumerate(shown)
    )


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """Parts of a text for the spare typeface (True) and for the usual one."""
    usual = _usual()
    if usual.issuperset(text):
        yield False, text
        return
    spares = _spare()
    for spare, signs in groupby(text, lambda sign: sign not in usual and sign in spares):
        yield spare, "".join(signs)


def named(sign: str) -> str:
    """A character in a message for people: `«🎮» (U+1F3AE)`."""
    return f"«{sign}» (U+{ord(sign):04X})" if sign.isprintable() and not unicodedata.combining(sign) else _code(sign)


def _code(sign: str) -> str:
    return f"с кодом U+{ord(sign):04X}"


@cache
def _usual() -> frozenset[str]:
    """Without what PT Sans has at code points that mean nothing or are not seen."""
    return frozenset(sign for sign in covered(REGULAR, BOLD, ITALIC) if unicodedata.category(sign)[0] != "C")


@cache
def _spare() -> frozenset[str]:
    """Left-to-right characters that stand for themselves."""
    return frozenset(
        sign
        for sign in covered(SPARE, SPARE_BOLD)
        if unicodedata.category(sign)[0] not in "CMZ"
        and unicodedata.bidirectional(sign) not in _RIGHT_TO_LEFT
        and sign not in _UNSEEN
        and sign != _BROKEN
    )


def _plain(sign: str) -> str:
    if sign in _usual():
        return sign
    if sign in _LINE_ENDS:
        return "\n"
    if sign in _NO_BREAK_SPACES:
        return NO_BREAK_SPACE
    category = unicodedata.category(sign)
    if category == "Zs" or sign in _SPACE_LIKE:
        return " "
    if category in ("Cc", "Cf", "Cs") or sign in _UNSEEN or any(ord(sign) in codes for codes in _VARIATIONS):
        return ""
    if sign in _spare() and sign not in _PLAIN:
        return sign
    return _PLAIN.get(sign) or _compatible(sign)


def _compatible(sign: str) -> str:
    """«Ａ» is «A», «㎡» is «m2»: what Unicode calls compatible, where that can be printed."""
    simpler = unicodedata.normalize("NFKC", sign)
    return simpler if all(part in _usual() or part in _spare() for part in simpler) else sign


def _is_printable(sign: str, before: str) -> bool:
    if sign == STRESS:
        return before in _usual() and before.isalpha()
    return sign == "\n" or sign in _usual() or sign in _spare()
