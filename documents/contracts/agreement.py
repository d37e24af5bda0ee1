"""The published agreement on the simple electronic signature; older editions are kept beside it."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

VERSION: Final = "pep-agreement-v1"
TEXTS: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Agreement:
    """`sha256` is of the text in UTF-8, for comparison with a copy."""

    version: str
    text: str
    sha256: str


@cache
def published() -> Agreement:
    """The current agreement."""
    data = (TEXTS / f"{VERSION}.txt").read_bytes()
    return Agreement(VERSION, data.decode(), sha256(data).hexdigest())


def text_of(version: str) -> bytes | None:
    """The text of an edition in UTF-8; None for one that is not kept here."""
    known = {file.stem: file for file in TEXTS.glob("pep-agreement-*.txt")}
    return known[version].read_bytes() if version in known else None
