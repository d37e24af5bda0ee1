"""Normal form of searched texts and of queries, for a trigram index."""

import re
import unicodedata
from typing import Final

MIN_PHONE_DIGITS: Final = 4
_PHONE = re.compile(r"\+?[0-9\s()\-‐‑–.]+")
_NOT_DIGITS = re.compile(r"[^0-9]")


def fold(text: str) -> str:
    """Lower case, «ё» as «е», one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().replace("ё", "е").split())


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
    """Normal form of a query for `search_text`: of a phone, or a part of one, only the digits."""
    return _digits(query) if looks_like_phone(query) else fold(query)


def looks_like_phone(text: str) -> bool:
    """Whether the text has only digits and punctuation of phones, with at least four digits."""
    return _PHONE.fullmatch(text.strip()) is not None and len(_digits(text)) >= MIN_PHONE_DIGITS


def _phone_forms(phone: str) -> tuple[str, ...]:
    digits = _digits(phone)
    national = digits[1:] if len(digits) == 11 and digits[0] in "78" else digits
    return (f"7{national}", f"8{national}") if len(national) == 10 else (digits,)


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", text)
