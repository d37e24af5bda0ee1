"""Refuses, at the field itself, a character that no contract can show."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import AfterValidator

from documents.contracts.coverage import wrong
from documents.contracts.glyphs import unprintable
from documents.contracts.wording import specs_line
from domain.kernel.refusal import FieldError, InvalidValue

Text = TypeVar("Text", str, str | None)


def _printed(value: Text) -> Text:
    if value and (sign := unprintable(value)) is not None:
        raise ValueError(_sentence(sign))
    return value


def _printed_specs(value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value and (sign := unprintable(specs_line(value))) is not None:
        raise ValueError(_sentence(sign))
    return value


Printed: Final = AfterValidator(_printed)
PrintedSpecs: Final = AfterValidator(_printed_specs)


def check_printed(fields: Mapping[str, object]) -> None:
    """Raises `InvalidValue` with every field that has such a character."""
    errors: list[FieldError] = [
        {"loc": ["body", name], "msg": _sentence(sign)}
        for name, value in fields.items()
        if isinstance(value, str) and (sign := unprintable(value)) is not None
    ]
    if errors:
        raise InvalidValue("Проверьте данные.", errors)


def _sentence(sign: str) -> str:
    told = wrong(sign)
    return told[0].upper() + told[1:]
