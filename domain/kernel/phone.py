"""Russian phone numbers: stored as ten digits without +7; masked for display.

A rule of our own and not `phonenumbers` with `libphonenumber-js`: these take half of what a person may not mean
(`+7 842 123-45-678` is read as +7 421 234-56-78), weigh 80 kB in the app, and the two do not always agree. What is
read and what is refused is one table, `tests/domain/kernel/phone_cases.json`, which the tests of the app read too
(`web/src/shared/lib/phone.ts`).
"""

import re
from typing import Final, NewType

from domain.kernel.refusal import InvalidValue
from domain.kernel.text import keyboard_signs, visible

Phone = NewType("Phone", str)

NOT_A_PHONE: Final = "Укажите номер телефона в России: 10 цифр без +7, например 9001234567."

_LABEL: Final = re.compile(r"\s*(?:tel|тел)[.:\s]*", re.IGNORECASE)
_PUNCTUATION: Final = re.compile(r"[\s()\[\]./-]+")
_COUNTRY: Final = r"(?:\+|0 ?0 ?|8 ?1 ?0 ?)? ?7"
# A second prefix, after the one that somebody or something has written already: `+7 8 (916) …`, `+7 +7 916 …`. It is
# read where a gap follows it, or where the digit cannot belong to the number.
_AGAIN: Final = r"(?:\+ ?7|[78](?= )|7(?=9)|8(?=[89]|3[789]|49))"
_NUMBER: Final = re.compile(rf"(?:(?:{_COUNTRY}|8) ?(?:{_AGAIN} ?)?)?([0-9](?: ?[0-9]){{9}})")
# The area codes in use begin so; 6 and 7 are Kazakhstan's. 88 and 89 are 8 for long distance and a number too short.
_RUSSIAN: Final = re.compile(r"(?:[349][0-9]|8(?![89]|3[789]|49)[0-9])[0-9]{8}")
_POSSIBLE: Final = re.compile(r"(?:\+7|7|8)?([1-9][0-9]{9})")


def normalise_phone(raw: str) -> Phone:
    """Ten digits of `9001234567`, `+7 (900) 123-45-67`, `8 900 123 45 67` or `7…`.

    Raises `InvalidValue` for anything else, so that no digit is guessed or lost: another country, an extension, two
    numbers, a digit too few or too many.
    """
    digits = russian_digits(raw)
    if digits is None:
        raise InvalidValue(NOT_A_PHONE)
    return Phone(digits)


def russian_digits(raw: str) -> str | None:
    """The ten digits of a Russian number; None for anything else."""
    match = _NUMBER.fullmatch(_spaced(raw))
    digits = match[1].replace(" ", "") if match else ""
    return digits if _RUSSIAN.fullmatch(digits) else None


def known_phone(raw: str | None) -> str | None:
    """A number of an adopted account in our form; what is no number of ours stays as it is."""
    if not raw:
        return raw
    return russian_digits(raw) or _possible(raw) or raw


def login_phone(raw: str) -> Phone:
    """As `normalise_phone`, and any ten digits after +7: accounts with a number of Kazakhstan may exist."""
    digits = russian_digits(raw) or _possible(raw)
    if digits is None:
        raise InvalidValue(NOT_A_PHONE)
    return Phone(digits)


def mask_phone(phone: Phone) -> str:
    """The first digit and the last two, which the owner recognises."""
    return f"+7 {phone[0]}•• •••-••-{phone[8:]}"


def _possible(raw: str) -> str | None:
    match = _POSSIBLE.fullmatch(_spaced(raw).replace(" ", ""))
    return match[1] if match else None


def _spaced(raw: str) -> str:
    """The number with one space for whatever stands between its digits."""
    return _PUNCTUATION.sub(" ", keyboard_signs(_without_label(visible(raw)))).strip()


def _without_label(text: str) -> str:
    label = _LABEL.match(text)
    return text[label.end() :] if label else text
