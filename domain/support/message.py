"""What staff may write to a client: nothing that could pass for a message of the system."""

import re
import unicodedata
from typing import Final

from domain.kernel.refusal import FieldError, InvalidValue

IMITATES: Final = (
    "Сообщение похоже на служебное. Коды подтверждения и счета клиенту отправляет только система: "
    "напишите своими словами, без кода и без начала служебного сообщения."
)

_CYRILLIC: Final = str.maketrans("abcehkmnoptxyu", "авсенкмпортхуи")
"""Latin letters that look like small or capital Cyrillic ones."""

_CONTRACT: Final = re.compile(r"[^\W\d_]{2}-\d{6}-\d{2,}")
_DIGITS: Final = re.compile(r"(?:\d[ \W]*){4,}")
_CODE_WORDS: Final = re.compile(r"код\w*подтвержд")
_SYSTEM: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # «Договор {number}, код подтверждения …», also behind other words and with one between
        r"договор\w{0,8}?\d+\w{0,6}?код\w?подтвержд",
        # «Выставлен счёт по договору …», «Напоминаем: счёт по договору …»
        r"^(?:выставлен|напоминаем)счетподоговору",
    )
)


def check_written(text: str) -> None:
    """Raises `InvalidValue` for a text of staff that looks like a code's or a bill's message, in whatever letters."""
    for line in (text, *text.splitlines()):
        letters = _letters(line)
        if any(pattern.search(letters) for pattern in _SYSTEM) or (
            _CODE_WORDS.search(letters) and _DIGITS.search(_CONTRACT.sub("", unicodedata.normalize("NFKC", line)))
        ):
            raise InvalidValue(IMITATES, errors=[FieldError(loc=["body", "body"], msg=IMITATES)])


def _letters(text: str) -> str:
    """Small letters and digits in one alphabet, without spaces, marks, accents and what nobody sees."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_CYRILLIC)
    return "".join(sign for sign in apart if sign.isalnum())
