"""The search text of lists."""

import unicodedata
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from domain.kernel.text import visible


def _typable(value: object) -> object:
    """Removes what is not seen; replaces control characters, some of which are invalid in SQL statements."""
    if not isinstance(value, str):
        return value
    return "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in visible(value))


Search = Annotated[
    str, Query(max_length=200, description="Words to find; one slip is forgiven."), BeforeValidator(_typable)
]
