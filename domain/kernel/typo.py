"""Tolerance of one typo: a wrong, missing, extra or swapped letter."""

from collections.abc import Callable
from typing import Final

SHORTEST: Final = 4
LONGEST: Final = 24
"""Lengths of words in which a typo is tolerated: shorter words would match too much, longer ones are rare."""


def tolerates(word: str) -> bool:
    """Whether a typo in the word is tolerated; not in numbers."""
    return SHORTEST <= len(word) <= LONGEST and not any(sign.isdigit() for sign in word)


def spellings(word: str, any_sign: str, escape: Callable[[str], str]) -> list[str]:
    """Patterns of the possible intended words, with `any_sign` for one letter; parts of the word are escaped."""
    found: list[str] = []
    for place in range(len(word)):
        before, here, after = word[:place], word[place], word[place + 1 :]
        found.append(escape(before) + any_sign + escape(after))
        found.append(escape(before + after))
        if place:
            found.append(escape(before) + any_sign + escape(here + after))
        if after:
            found.append(escape(before + after[0] + here + after[1:]))
    return list(dict.fromkeys(found))
