"""The search text of lists."""

import unicodedata
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator


def _typable(value: object) -> object:
    """Replaces control characters, some of which are invalid in SQL statements."""
    if not isinstance(value, str):
        return value
    return "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in value)


Search = Annotated[
    str, BeforeValidator(_typable), Query(max_length=200, description="Words to find; one slip is forgiven.")
]
