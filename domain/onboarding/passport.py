"""A Russian internal passport: checks of fields, missing fields, and the full name."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from domain.kernel.clock import day_of
from domain.kernel.refusal import FieldError, InvalidValue
from domain.kernel.text import is_blank, is_unfit, keyboard_signs, visible

NAME_LENGTH: Final = 100
TEXT_LENGTH: Final = 500
# The present form of the passport has been issued since this day (government decree 828 of 8 July 1997).
FIRST_ISSUE: Final = date(1997, 10, 1)

REQUIRED: Final = (
    "last_name",
    "first_name",
    "series",
    "number",
    "issued_by",
    "issue_code",
    "issue_date",
    "registration_address",
)

_LETTER = "A-Za-zÀ-ÖØ-öø-ſЀ-ҁҊ-ӿ"
_NAME = re.compile(rf"[{_LETTER}][{_LETTER}' \-]*")


class _Wrong(Exception):
    """An error of one field; `check_changes` collects them into one refusal."""


def check_changes(changes: Mapping[str, str | date | None], today: date) -> dict[str, str | date | None]:
    """The sent fields, normalised; a required field sent as `None` is ignored.

    Raises `InvalidValue` with all wrong fields. The year in the series is not compared with the date of issue, because
    blanks may be used years later.
    """
    checked: dict[str, str | date | None] = {}
    errors: list[FieldError] = []
    for field, value in changes.items():
        if value is None and field in REQUIRED:
            continue
        try:
            checked[field] = _check(field, value, today)
        except _Wrong as wrong:
            errors.append({"loc": ["body", field], "msg": str(wrong)})
    if errors:
        raise InvalidValue("Проверьте паспортные данные.", errors=errors)
    return checked


def missing_fields(fields: Mapping[str, object]) -> list[str]:
    """Required fields that are absent, `None` or empty, in the order of the form."""
    return [field for field in REQUIRED if not fields.get(field)]


def full_name(last: str | None, first: str | None, middle: str | None) -> str:
    return " ".join(part for part in (last, first, middle) if part)


def _check(field: str, value: str | date | None, today: date) -> str | date | None:
    if field == "issue_date":
        return _issue_date(value, today)
    if field == "middle_name" and value is None:
        return None
    rule = _TEXT_RULES.get(field)
    if rule is None:
        raise _Wrong("Такого поля в паспорте нет.")
    if not isinstance(value, str):
        raise _Wrong("Ожидается текст.")
    return rule(value)


def _issue_date(value: str | date | None, today: date) -> date:
    issued = _as_date(value)
    if issued > today:
        raise _Wrong("Дата выдачи не может быть в будущем.")
    if issued < FIRST_ISSUE:
        raise _Wrong("Паспорта этого образца выдаются с 01.10.1997.")
    return issued


def _as_date(value: str | date | None) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return day_of(visible(value or ""))
    except InvalidValue as wrong:
        raise _Wrong(wrong.detail) from None


def _digits(count: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        digits = visible(value).replace(" ", "")
        if not re.fullmatch(rf"[0-9]{{{count}}}", digits):
            raise _Wrong(f"Нужно ровно {count} {'цифры' if count < 5 else 'цифр'}.")
        return digits

    return check


def _issue_code(value: str) -> str:
    match = re.fullmatch(r"([0-9]{3})-?([0-9]{3})", keyboard_signs(visible(value)).replace(" ", ""))
    if match is None:
        raise _Wrong("Код подразделения пишется так: 770-001.")
    return f"{match[1]}-{match[2]}"


def _name(value: str) -> str | None:
    name = _text(keyboard_signs(value), NAME_LENGTH)
    if not _NAME.fullmatch(name):
        raise _Wrong("Допустимы русские и латинские буквы, дефис, пробел и апостроф.")
    return name


def _middle_name(value: str) -> str | None:
    """None also for a dash, which stands in forms for «none»."""
    return _name(value) if keyboard_signs(visible(value)).strip("- ") else None


def _long_text(value: str) -> str:
    return _text(value, TEXT_LENGTH)


def _text(value: str, limit: int) -> str:
    text = visible(value)
    if is_blank(text):
        raise _Wrong("Поле не может быть пустым.")
    if len(text) > limit:
        raise _Wrong(f"Не больше {limit} знаков.")
    if is_unfit(text):
        raise _Wrong("Уберите невидимые и служебные символы.")
    return text


_TEXT_RULES: Final[Mapping[str, Callable[[str], str | None]]] = {
    "last_name": _name,
    "first_name": _name,
    "middle_name": _middle_name,
    "series": _digits(4),
    "number": _digits(6),
    "issued_by": _long_text,
    "issue_code": _issue_code,
    "registration_address": _long_text,
}
