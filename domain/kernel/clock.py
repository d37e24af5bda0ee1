"""Time as an argument: components receive a clock that returns aware UTC."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

from domain.kernel.refusal import InvalidValue

NOT_A_DAY: Final = "Укажите дату в виде ГГГГ-ММ-ДД."

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the entry points; rules never call it."""
    return datetime.now(UTC)


def day_of(text: str) -> date:
    """The day of `2026-01-31`; raises `InvalidValue` for other forms of ISO 8601, which `date.fromisoformat` reads too:
    `2026-W05-6`, `20260131`."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidValue(NOT_A_DAY)
