"""Types of values in bodies: strict, bounded, without characters that a database or a PDF cannot represent."""

import json
import math
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)

from domain.kernel import money, phone, sizes
from domain.kernel.refusal import InvalidValue

Given = TypeVar("Given")
Value = TypeVar("Value")

SPECS_DEPTH: Final = 8
SPECS_VALUES: Final = 500
SPECS_SIZE: Final = 10_000
"""Characters of the whole object; the layout of a contract with a million of them takes minutes."""

_LINES: Final = "\n\t"
_UNSEEN: Final = ("Cc", "Cs", "Co", "Cn")
_BIDI: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Bidi controls, which can disguise a text."""


class Body(BaseModel):
    """Base of bodies; unknown fields are ignored, for compatibility of older and newer apps."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


def _clean(value: str) -> str:
    """NFC without surrounding space; raises `ValueError` for invisible characters.

    A text that NFC makes longer stays unchanged, because it could exceed the checked length and its column.
    """
    normal = unicodedata.normalize("NFC", value)
    text = (normal if len(normal) <= len(value) else value).replace("\r\n", "\n").strip()
    if any(sign in _BIDI or (unicodedata.category(sign) in _UNSEEN and sign not in _LINES) for sign in text):
        raise ValueError("Уберите невидимые и служебные символы.")
    return text


def _writable(value: str) -> str:
    """Raises `ValueError` for a lone surrogate, which UTF-8 cannot encode."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("В тексте недопустимые символы.") from None
    return value


def _one_line(value: str) -> str:
    return " ".join(_clean(value).split())


def _filled(value: str) -> str:
    if not value:
        raise ValueError("Поле не может быть пустым.")
    return value


def _as_absent(value: str | None) -> str | None:
    return value or None


def as_validator(rule: Callable[[Given], Value]) -> Callable[[Given], Value]:
    """A domain rule as a validator; pydantic adds the location of the error."""

    def check(value: Given) -> Value:
        try:
            return rule(value)
        except InvalidValue as wrong:
            raise ValueError(wrong.detail) from None

    return check


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("Укажите адрес электронной почты, например name@example.ru.") from None


def _amount(value: Any) -> int:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("Сумма должна быть числом.")
    return money.kopecks(value)


def _positive(value: int) -> int:
    if value <= 0:
        raise ValueError("Сумма должна быть больше нуля.")
    return value


def _specs(value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object within the limits of PostgreSQL and of a contract."""
    left = SPECS_VALUES
    level: list[Any] = [value]
    for _ in range(SPECS_DEPTH):
        inner: list[Any] = []
        for one in level:
            inner.extend(_parts(one))
        left -= len(level)
        if left < 0:
            raise ValueError(f"Не больше {SPECS_VALUES} значений.")
        if not inner:
            if len(json.dumps(value, ensure_ascii=False)) > SPECS_SIZE:
                raise ValueError("Слишком длинный текст.")
            return value
        level = inner
    raise ValueError("Слишком глубокая вложенность.")


def _parts(value: Any) -> list[Any]:
    match value:
        case dict():
            return [*value.keys(), *value.values()]
        case list():
            return value
        case str():
            if len(value) > sizes.LONG_TEXT:
                raise ValueError("Слишком длинный текст.")
            _clean(value)
        case bool() | None:
            pass
        case int() if abs(value) > sizes.EXACT_INTEGER:
            raise ValueError("Слишком большое число.")
        case float() if not math.isfinite(value):
            raise ValueError("Слишком большое число.")
    return []


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if not isinstance(value, str) or len(value) != len("2026-01-31"):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("Укажите дату в виде ГГГГ-ММ-ДД.") from None


def _uuid(value: Any) -> UUID:
    try:
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str):
            raise ValueError
        return UUID(value)
    except ValueError:
        raise ValueError("Ожидается идентификатор (UUID).") from None


Line200 = Annotated[StrictStr, Field(max_length=sizes.LINE), AfterValidator(_one_line), AfterValidator(_filled)]
Line500 = Annotated[StrictStr, Field(max_length=sizes.LONG_LINE), AfterValidator(_clean), AfterValidator(_filled)]
Text1000 = Annotated[StrictStr, Field(max_length=sizes.PARAGRAPH), AfterValidator(_clean), AfterValidator(_filled)]
Text4000 = Annotated[StrictStr, Field(max_length=sizes.LONG_TEXT), AfterValidator(_clean)]
Optional200 = Annotated[
    Annotated[StrictStr, Field(max_length=sizes.LINE), AfterValidator(_clean)] | None, AfterValidator(_as_absent)
]
Optional500 = Annotated[
    Annotated[StrictStr, Field(max_length=sizes.LONG_LINE), AfterValidator(_one_line)] | None,
    AfterValidator(_as_absent),
]
Optional4000 = Annotated[Text4000 | None, AfterValidator(_as_absent)]
Email = Annotated[StrictStr, Field(max_length=sizes.EMAIL), AfterValidator(_clean), AfterValidator(_email)]
OptionalEmail = Annotated[Email | None, BeforeValidator(_as_absent)]
Phone = Annotated[
    StrictStr,
    Field(max_length=32, examples=["9001234567"]),
    AfterValidator(_clean),
    AfterValidator(as_validator(phone.normalise_phone)),
]
Token = Annotated[StrictStr, Field(min_length=1, max_length=sizes.FILE_KEY, pattern=r"^[\x21-\x7e]+$")]
"""A file key or a token."""

Password = Annotated[StrictStr, Field(min_length=1, max_length=1024), AfterValidator(_writable)]
"""Not normalised; surrounding space is kept."""

EnteredCode = Annotated[StrictStr, Field(min_length=1, max_length=32, examples=["123456"]), AfterValidator(_clean)]

Day = Annotated[date, BeforeValidator(_date)]
Id = Annotated[UUID, BeforeValidator(_uuid)]
Count = Annotated[StrictInt, Field(ge=0, le=10_000)]
Specs = Annotated[dict[StrictStr, Any], AfterValidator(_specs)]

_ROUBLES: Final = {"type": "number", "minimum": 0, "maximum": money.MAX_ROUBLES, "examples": [1500.5]}
RoublesIn = Annotated[int, BeforeValidator(_amount), WithJsonSchema(_ROUBLES)]
"""Roubles in JSON, kopecks in Python."""

PositiveRoublesIn = Annotated[
    int,
    BeforeValidator(_amount),
    AfterValidator(_positive),
    WithJsonSchema({**_ROUBLES, "minimum": 0.01}),
]
Roubles = Annotated[
    int,
    PlainSerializer(money.roubles, when_used="json"),
    WithJsonSchema({"type": "number", "examples": [1500.5]}),
]
"""Kopecks in Python, roubles in JSON."""
