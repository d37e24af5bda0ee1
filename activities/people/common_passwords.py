"""The commonest passwords, which nobody may choose: data of zxcvbn (MIT)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("common_passwords.txt")


@cache
def common_passwords() -> Mapping[str, int]:
    """Ranks of the passwords, the commonest is 0; read once per process."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {word: rank for rank, word in enumerate(line for line in lines if not line.startswith("#"))}
