"""Russian phone numbers: stored as ten digits without +7; masked for display."""

import re
from typing import NewType

from domain.kernel.refusal import InvalidValue

Phone = NewType("Phone", str)

NOT_A_PHONE = "Укажите номер телефона в России: 10 цифр без +7, например 9001234567."

_SPACING = re.compile(r"[\s()\-‐‑–.]")
# Possible numbers, not valid ones: numbering plans change too often for a list.
_NUMBER = re.compile(r"(?:\+7|7|8)?([1-9][0-9]{9})", re.ASCII)


def normalise_phone(raw: str) -> Phone:
    """Ten digits of `9001234567`, `+7 (900) 123-45-67`, `8 900 123 45 67` or `7…`; raises `InvalidValue` otherwise."""
    match = _NUMBER.fullmatch(_SPACING.sub("", raw))
    if match is None:
        raise InvalidValue(NOT_A_PHONE)
    return Phone(match[1])


def known_phone(raw: str | None) -> str | None:
    """A number of an adopted account in our form; what is no number of ours stays as it is."""
    match = _NUMBER.fullmatch(_SPACING.sub("", raw or ""))
    return match[1] if match else raw


def mask_phone(phone: Phone) -> str:
    """The first digit and the last two, which the owner recognises."""
    return f"+7 {phone[0]}•• •••-••-{phone[8:]}"
