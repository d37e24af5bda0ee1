"""Types of values in bodies: strict, bounded, without characters that a database or a PDF cannot represent."""

import json
import math
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

from domain.kernel import money, phone, sizes, text
from domain.kernel.clock import NOT_A_DAY, day_of
from domain.kernel.refusal import InvalidValue

Given = TypeVar("Given")
Value = TypeVar("Value")

SPECS_DEPTH: Final = 8
SPECS_VALUES: Final = 500
SPECS_SIZE: Final = 10_000
"""Characters of the whole object; the layout of a contract with a million of them takes minutes."""


class Body(BaseModel):
    """Base of bodies; unknown fields are ignored, for compatibility of older and newer apps."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


def typed(clean: Callable[[str], str]) -> BeforeValidator:
    """Cleans a string before its length is checked; raises `ValueError` for control characters and the like."""

    def check(value: Any) -> Any:
        return _fit(clean(value)) if isinstance(value, str) else value

    return BeforeValidator(check)


def _fit(value: str) -> str:
    if text.is_unfit(value):
        raise ValueError("Уберите невидимые и служебные символы.")
    return value


def _writable(value: str) -> str:
    """Raises `ValueError` for a lone surrogate, which UTF-8 cannot encode."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("В тексте недопустимые символы.") from None
    return value


def _filled(value: str) -> str:
    if text.is_blank(value):
        raise ValueError("Поле не может быть пустым.")
    return value


def _as_absent(value: Any) -> Any:
    return None if isinstance(value, str) and text.is_blank(value) else value


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
            return {name: _cleaned(one) for name, one in _cleaned_names(value).items()}
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
            _fit(text.cleaned(value))
        case bool() | None:
            pass
        case int() if abs(value) > sizes.EXACT_INTEGER:
            raise ValueError("Слишком большое число.")
        case float() if not math.isfinite(value):
            raise ValueError("Слишком большое число.")
    return []


def _cleaned(value: Any) -> Any:
    match value:
        case dict():
            return {name: _cleaned(one) for name, one in _cleaned_names(value).items()}
        case list():
            return [_cleaned(one) for one in value]
        case str():
            return text.cleaned(value)
    return value


def _cleaned_names(value: dict[str, Any]) -> dict[str, Any]:
    """With clean names; raises `ValueError` where two of them become one."""
    named = {text.cleaned(name): one for name, one in value.items()}
    if len(named) < len(value):
        raise ValueError("Одно название указано дважды.")
    return named


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError(NOT_A_DAY)
    return as_validator(day_of)(text.visible(value))


def _uuid(value: Any) -> UUID:
    try:
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str):
            raise ValueError
        return UUID(value)
    except ValueError:
        raise ValueError("Ожидается идентификатор (UUID).") from None


# The limit stands before `typed`: pydantic would check it in the given order, and call a string «values».
Line200 = Annotated[StrictStr, Field(max_length=sizes.LINE), typed(text.cleaned_line), AfterValidator(_filled)]
Line500 = Annotated[StrictStr, Field(max_length=sizes.LONG_LINE), typed(text.cleaned), AfterValidator(_filled)]
Text1000 = Annotated[StrictStr, Field(max_length=sizes.PARAGRAPH), typed(text.cleaned), AfterValidator(_filled)]
Text4000 = Annotated[StrictStr, Field(max_length=sizes.LONG_TEXT), typed(text.cleaned)]
Optional200 = Annotated[
    Annotated[StrictStr, Field(max_length=sizes.LINE), typed(text.cleaned_line)] | None, BeforeValidator(_as_absent)
]
Optional500 = Annotated[
    Annotated[StrictStr, Field(max_length=sizes.LONG_LINE), typed(text.cleaned_line)] | None,
    BeforeValidator(_as_absent),
]
Optional4000 = Annotated[Text4000 | None, BeforeValidator(_as_absent)]
Email = Annotated[StrictStr, Field(max_length=sizes.EMAIL), typed(text.visible), AfterValidator(_email)]
OptionalEmail = Annotated[Email | None, BeforeValidator(_as_absent)]
_PhoneText = Annotated[StrictStr, Field(max_length=sizes.LINE, examples=["9001234567"])]
Phone = Annotated[_PhoneText, typed(text.visible), AfterValidator(as_validator(phone.normalise_phone))]
LoginPhone = Annotated[_PhoneText, typed(text.visible), AfterValidator(as_validator(phone.login_phone))]
Token = Annotated[StrictStr, Field(min_length=1, max_length=sizes.FILE_KEY, pattern=r"^[\x21-\x7e]+$")]
"""A file key or a token."""

Password = Annotated[StrictStr, Field(min_length=1, max_length=1024), AfterValidator(_writable)]
"""Not normalised; surrounding space is kept."""

EnteredCode = Annotated[StrictStr, Field(min_length=1, max_length=32, examples=["123456"]), typed(text.visible)]

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
