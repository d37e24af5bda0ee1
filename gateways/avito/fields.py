"""Reads fields of Avito's answers; tolerates null, missing fields and numbers in quotes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

Json: TypeAlias = dict[str, object]

_END_OF_TIME: Final = 4_102_444_800
"""2100, in Unix time."""


class Misshapen(ValueError):
    """An answer without a required field; the text names the field, never its value."""


def moment(seconds: int) -> datetime:
    """Unix time in seconds, limited to 1970–2100: an absurd number must not keep a chat from being read."""
    return datetime.fromtimestamp(min(max(seconds, 0), _END_OF_TIME), UTC)


def mapping(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise Misshapen("not an object")
    return dict(value)


def part(body: Json, name: str) -> Json:
    value = body.get(name)
    return dict(value) if isinstance(value, Mapping) else {}


def rows(body: Json, name: str) -> list[object]:
    """Null is an empty list; a missing list is a wrong answer."""
    value = body.get(name, ...)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Misshapen(f"no list of {name}")
    return value


def text(body: Json, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def identity(body: Json, name: str) -> str:
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise Misshapen(f"no {name}")
    return value


def whole(body: Json, name: str) -> int | None:
    """An integer, also sent as a string of digits or as 1.0."""
    value = body.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return None


def number(body: Json, name: str) -> int:
    value = whole(body, name)
    if value is None:
        raise Misshapen(f"no {name}")
    return value
