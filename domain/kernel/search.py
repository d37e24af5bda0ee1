"""Normal form of searched texts and of queries, for a trigram index."""

import re
import unicodedata
from typing import Final

from domain.kernel.phone import russian_digits
from domain.kernel.text import keyboard_signs, visible

MIN_PHONE_DIGITS: Final = 4
_PHONE = re.compile(r"[+0-9\s()\-./]+")
_NOT_DIGITS = re.compile(r"[^0-9]")
_TWO_PREFIXES = re.compile(r"\+7(?=\D*[78]\D*9)")


def fold(text: str) -> str:
    """Lower case, «ё» as «е», one space between words, apostrophes and hyphens of one kind, nothing invisible."""
    normal = keyboard_signs(unicodedata.normalize("NFKC", keyboard_signs(visible(text))))
    return " ".join(normal.lower().replace("ё", "е").split())


def search_text(*parts: str | None) -> str:
    """Value of the indexed column; a phone is added as digits with 7 and with 8, as it is typed."""
    words: list[str] = []
    for part in parts:
        if not part or not part.strip():
            continue
        words.append(fold(part))
        if looks_like_phone(part):
            words.extend(_phone_forms(part))
    return " ".join(dict.fromkeys(words))


def query_text(query: str) -> str:
    """Normal form of a query for `search_text`: of a phone, or of its beginning, only the digits."""
    if not looks_like_phone(query):
        return fold(query)
    return russian_digits(query) or _digits(_TWO_PREFIXES.sub("", visible(query), count=1))


def looks_like_phone(text: str) -> bool:
    """Whether the text has only digits and punctuation of phones, with at least four digits."""
    if russian_digits(text) is not None:
        return True
    plain = keyboard_signs(visible(text))
    return _PHONE.fullmatch(plain) is not None and len(_digits(plain)) >= MIN_PHONE_DIGITS


def _phone_forms(phone: str) -> tuple[str, ...]:
    digits = _digits(phone)
    national = digits[1:] if len(digits) == 11 and digits[0] in "78" else digits
    return (f"7{national}", f"8{national}") if len(national) == 10 else (digits,)


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", text)
