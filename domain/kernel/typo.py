"""One slip of the finger: a wrong, missing, doubled or swapped letter."""

from collections.abc import Callable
from typing import Final

SHORTEST: Final = 4
LONGEST: Final = 24
"""Letters of a word in which a slip is looked for: shorter ones would find everybody, longer ones nobody types."""


def tolerates(word: str) -> bool:
    """Numbers are meant as they are typed."""
    return SHORTEST <= len(word) <= LONGEST and not any(sign.isdigit() for sign in word)


def spellings(word: str, any_sign: str, escape: Callable[[str], str]) -> list[str]:
    """What may have been meant, as patterns in which `any_sign` stands for one letter; the word's own parts escaped."""
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
