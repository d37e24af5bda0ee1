"""The agreement on the simple electronic signature as it is published now; older editions stay beside it for ever."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

VERSION: Final = "pep-agreement-v1"
TEXTS: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Agreement:
    """`sha256` is of the text in UTF-8, so that whoever kept a copy can compare."""

    version: str
    text: str
    sha256: str


@cache
def published() -> Agreement:
    """What a client accedes to today."""
    data = (TEXTS / f"{VERSION}.txt").read_bytes()
    return Agreement(VERSION, data.decode(), sha256(data).hexdigest())
