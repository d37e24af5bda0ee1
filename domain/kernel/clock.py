"""Time as an argument: components receive a clock that returns aware UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the entry points; rules never call it."""
    return datetime.now(UTC)
