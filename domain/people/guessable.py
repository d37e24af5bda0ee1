"""Passwords that are guessed first (NIST SP 800-63B-4, 3.1.1.2): common ones, sequences, and what is known of a person.

A password is read as it is, as typed on the other keyboard layout, and with digits and marks for letters («p@r0l»).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

PRODUCT: Final = ("privet", "привет")

COMMONEST: Final = 500
"""Ranks below this are refused with digits at the ends too."""

OWN_LETTERS: Final = 6
"""Letters that a password must have beside the names in it."""

SHORTEST_NAME, SHORTEST_WORD = 3, 4
"""Letters of a name, and of a part of an e-mail address, that are looked for."""

RUN: Final = 3
LONGEST_BLOCK: Final = 4
PHONE_TAIL: Final = 7
"""Digits of a phone without the operator's code."""

_ENGLISH: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_ENGLISH: Final = str.maketrans(_RUSSIAN, _ENGLISH)
_TO_RUSSIAN: Final = str.maketrans(_ENGLISH, _RUSSIAN)
_SEQUENCES: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
)
_LEET: Final = (str.maketrans("0134578@$!|", "oieastbasii"), str.maketrans("01345789@$!|", "oleastbgasll"))

_LATIN: Final = dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziiklmnoprstufhcie", strict=True)) | {
    "ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "u", "я": "a",
}  # fmt: skip
_SPELLINGS: Final = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("shch|sch", "sh"),
        ("kh", "h"),
        ("ts|tz", "c"),
        ("yo|jo", "e"),
        ("x", "ks"),
        ("[yj]", "i"),
        ("i+(?=[aeou])", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""Ways to write Russian in Latin letters, led to one."""


class Weakness(StrEnum):
    LENGTH = "length"
    COMMON = "common"
    PHONE = "phone"
    NAME = "name"
    EMAIL = "email"
    PRODUCT = "product"


@dataclass(frozen=True)
class Owner:
    """What a guesser knows of whoever chooses a password; the phone as ten digits."""

    phone: str | None = None
    name: str | None = None
    email: str | None = None


def guessed_first(password: str, owner: Owner, common: Mapping[str, int]) -> Weakness | None:
    """Why the password is guessed first; `common` has the ranks of common passwords, in small letters."""
    text = password.casefold()
    if _has_phone(text, owner.phone):
        return Weakness.PHONE
    views = tuple(dict.fromkeys((text, text.translate(_TO_ENGLISH), text.translate(_TO_RUSSIAN))))
    for view in views:
        if (known := _says_only_known(view, owner, common)) is not None:
            return known
    return Weakness.COMMON if any(_is_common(view, common) for view in views) else None


def _has_phone(text: str, phone: str | None) -> bool:
    digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
    return phone is not None and len(phone) >= PHONE_TAIL and phone[-PHONE_TAIL:] in digits


def _says_only_known(text: str, owner: Owner, common: Mapping[str, int]) -> Weakness | None:
    """The kind of the first name in a text that is little else."""
    for spelt in (text, *map(text.translate, _LEET)):
        rest, found = _skeleton(spelt), None
        for weakness, word in _known(owner):
            if (without := _without(word, rest)) != rest:
                rest, found = without, found or weakness
        if found is not None and (len(rest) < OWN_LETTERS or rest in common):
            return found
    return None


def _without(word: str, text: str) -> str:
    """A word of three letters stands in many others («ананас»), so it counts only at the ends."""
    return text.replace(word, "") if len(word) >= SHORTEST_WORD else text.removeprefix(word).removesuffix(word)


def _known(owner: Owner) -> Iterator[tuple[Weakness, str]]:
    """Names in the order in which they are taken out: a whole one before its parts."""
    local, _, host = (owner.email or "").partition("@")
    names, address = _words(owner.name or ""), [*_words(local), *_words(host.rpartition(".")[0])]
    kinds: Sequence[tuple[Weakness, Sequence[str], int]] = (
        (Weakness.NAME, ("".join(names), *names), SHORTEST_NAME),
        (Weakness.EMAIL, (local, *address), SHORTEST_WORD),
        (Weakness.PRODUCT, PRODUCT, SHORTEST_WORD),
    )
    for weakness, words, shortest in kinds:
        for word in words:
            if len(letters := _skeleton(word)) >= shortest:
                yield weakness, letters


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _skeleton(text: str) -> str:
    """Its letters in Latin, spelt in one way."""
    letters = "".join(_LATIN.get(sign, sign) for sign in text.casefold() if sign.isalpha())
    for pattern, spelling in _SPELLINGS:
        letters = pattern.sub(spelling, letters)
    return letters


def _is_common(text: str, common: Mapping[str, int]) -> bool:
    bare = "".join(sign for sign in text if not sign.isspace())
    inner = re.sub(r"^[\W_]+|[\W_]+$", "", bare)
    for spelt in {bare, inner, *(one.translate(leet) for one in (bare, inner) for leet in _LEET)}:
        block = _block(spelt)
        if spelt in common or block in common or (len(block) <= LONGEST_BLOCK and block != spelt):
            return True
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", bare)
    cores = {core, *map(core.translate, _LEET)}
    return _is_sequence(inner) or any(common.get(one, COMMONEST) < COMMONEST for one in cores)


def _block(text: str) -> str:
    """The shortest text that gives this one when it is repeated."""
    length = (text + text).find(text, 1)
    return text[:length]


def _is_sequence(text: str) -> bool:
    """Whether it is made of runs: of one sign, along the alphabet, the digits or a row of keys, either way."""
    length, along = 1, frozenset[str]()
    for first, second in pairwise(text):
        here = _neighbours(first, second)
        if here and (length == 1 or here & along):
            length, along = length + 1, here & along or here
        elif length < RUN:
            return False
        else:
            length, along = 1, frozenset()
    return length >= RUN


def _neighbours(first: str, second: str) -> frozenset[str]:
    """The directed sequences in which the second sign comes after the first one."""
    if first == second:
        return frozenset(("same",))
    both = (direction for sequence in _SEQUENCES for direction in (sequence, sequence[::-1]))
    return frozenset(direction for direction in both if first + second in direction)
