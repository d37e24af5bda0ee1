"""The document that identifies a client: checks of fields by its type, missing fields, and the full name."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeAlias

from domain.clients.document import DocumentType
from domain.kernel.clock import day_of
from domain.kernel.refusal import FieldError, InvalidValue
from domain.kernel.text import is_blank, is_unfit, keyboard_signs, visible

NAME_LENGTH: Final = 100
TEXT_LENGTH: Final = 500
# The present form of the passport has been issued since this day (government decree 828 of 8 July 1997).
FIRST_ISSUE: Final = date(1997, 10, 1)
# Documents of other kinds may be older and without an end; an earlier year is a slip.
EARLIEST_ISSUE: Final = date(1950, 1, 1)

# The tax service gives foreign passports and residence permits (codes 10 and 12) 25 signs of any kind for series and
# number together (order SAE-3-04/706@ of 13 October 2006); the longest known series have six.
SERIES_LENGTH: Final = 10
NUMBER_LENGTH: Final = 15

REQUIRED: Final = ("last_name", "first_name", "series", "number", "issued_by", "issue_date", "registration_address")
"""Of an internal passport. The division code is not among them: passports of the first years have none."""

Fields: TypeAlias = Mapping[str, str | date | None]

_NOT_EVERYWHERE: Final = ("series", "number", "issued_by", "issue_code", "issue_date")
"""Fields that a document of another type may not have, or not so."""

_LETTER = "A-Za-zÀ-ÖØ-öø-ſЀ-ҁҊ-ӿ"
_NAME = re.compile(rf"[{_LETTER}][{_LETTER}' \-]*")
_LETTERS_AND_DIGITS = re.compile("[0-9A-ZА-ЯЁ]+(?:[-/][0-9A-ZА-ЯЁ]+)*")
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX", "-/")


class _Wrong(Exception):
    """An error of one field; `check_changes` collects them into one refusal."""


def check_changes(
    changes: Fields, today: date, document: DocumentType = DocumentType.PASSPORT_RF
) -> dict[str, str | date | None]:
    """The sent fields, normalised; a required field sent as `None` is ignored.

    `document` is the type unless `changes` name one. Raises `InvalidValue` with all wrong fields. The year in the
    series is not compared with the date of issue, because blanks may be used years later.
    """
    checked: dict[str, str | date | None] = {}
    errors: list[FieldError] = []
    sent = changes.get("document_type")
    if sent in list(DocumentType):
        document = DocumentType(str(sent))
    for field, value in changes.items():
        if value is None and field in ("document_type", *required_fields(document)):
            continue
        try:
            checked[field] = _check(field, value, today, document)
        except _Wrong as wrong:
            errors.append({"loc": ["body", field], "msg": str(wrong)})
    if errors:
        raise InvalidValue("Проверьте паспортные данные.", errors=errors)
    return checked


def document_of(fields: Mapping[str, object]) -> DocumentType:
    return DocumentType(str(fields.get("document_type") or DocumentType.PASSPORT_RF))


def required_fields(document: DocumentType) -> tuple[str, ...]:
    """Only an internal passport always has a series."""
    if document is DocumentType.PASSPORT_RF:
        return REQUIRED
    return tuple(field for field in REQUIRED if field != "series")


def missing_fields(fields: Mapping[str, object]) -> list[str]:
    """Required fields that are absent, `None` or empty, in the order of the form."""
    return [field for field in required_fields(document_of(fields)) if not fields.get(field)]


def merged(stored: Mapping[str, str | None], changes: Fields, today: date) -> dict[str, str | None]:
    """The fields after a write, as they are stored: dates in ISO form.

    A new type takes away what was stored for the former one and does not fit. Raises `InvalidValue` for a sent value
    that the document's type cannot have.
    """
    document = document_of(changes if changes.get("document_type") else stored)
    kept = dict(stored)
    if document is not document_of(stored):
        kept |= {field: None for field in _NOT_EVERYWHERE if not _fits(field, kept.get(field), today, document)}
    return kept | as_stored(check_changes(changes, today, document))


def as_stored(fields: Fields) -> dict[str, str | None]:
    return {field: value.isoformat() if isinstance(value, date) else value for field, value in fields.items()}


def number_to_compare(fields: Mapping[str, str | None]) -> str | None:
    """Equal for two entries of one document; None as long as the number is incomplete.

    Letters of other documents are compared by their looks, because Cyrillic ones are typed for Latin ones.
    """
    series, number = fields.get("series") or "", fields.get("number") or ""
    document = document_of(fields)
    if document is DocumentType.PASSPORT_RF:
        return f"{series}{number}" if series and number else None
    return f"{document}:{f'{series}{number}'.translate(_LOOKALIKES)}" if number else None


def full_name(last: str | None, first: str | None, middle: str | None) -> str:
    return " ".join(part for part in (last, first, middle) if part)


def _check(field: str, value: str | date | None, today: date, document: DocumentType) -> str | date | None:
    internal = document is DocumentType.PASSPORT_RF
    if field == "issue_date":
        return _issue_date(value, today, document)
    optional = field in ("middle_name", "issue_code") or (field == "series" and not internal)
    if optional and (value is None or (isinstance(value, str) and not _compact(value).strip("-"))):
        return None
    rule = (_NUMBER_RULES if internal else _RULES_WITH_LETTERS).get(field) or _TEXT_RULES.get(field)
    if rule is None:
        raise _Wrong("Такого поля в паспорте нет.")
    if not isinstance(value, str):
        raise _Wrong("Ожидается текст.")
    if field == "issue_code" and not internal:
        raise _Wrong("У этого документа нет кода подразделения. Оставьте поле пустым.")
    return rule(value)


def _fits(field: str, value: str | None, today: date, document: DocumentType) -> bool:
    try:
        return value is None or _check(field, value, today, document) is not None
    except _Wrong:
        return False


def _document_type(value: str) -> str:
    if value not in list(DocumentType):
        raise _Wrong("Выберите документ: паспорт гражданина РФ, паспорт иностранного гражданина или вид на жительство.")
    return DocumentType(value)


def _issue_date(value: str | date | None, today: date, document: DocumentType) -> date:
    issued = _as_date(value)
    if issued > today:
        raise _Wrong("Дата выдачи не может быть в будущем.")
    if issued < FIRST_ISSUE and document is DocumentType.PASSPORT_RF:
        raise _Wrong("Паспорта этого образца выдаются с 01.10.1997.")
    if issued < EARLIEST_ISSUE:
        raise _Wrong("Проверьте год выдачи.")
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


def _compact(value: str) -> str:
    return keyboard_signs(visible(value)).replace(" ", "")


def _issue_code(value: str) -> str:
    """The first two digits are the region, from 01; six equal ones stand for «none», which is an empty field."""
    match = re.fullmatch(r"([0-9]{3})-?([0-9]{3})", _compact(value))
    if match is None:
        raise _Wrong("Код подразделения пишется так: 770-001. Если его в паспорте нет, оставьте поле пустым.")
    if match[1].startswith("00") or len(set(match[1] + match[2])) == 1:
        raise _Wrong("Такого кода подразделения не бывает. Если его в паспорте нет, оставьте поле пустым.")
    return f"{match[1]}-{match[2]}"


def _with_letters(limit: int, *, digit: bool) -> Callable[[str], str]:
    """Digits and Latin or Russian letters, in capitals; parts may be divided by a hyphen or a slash."""

    def check(value: str) -> str:
        text = _compact(value).upper().removeprefix("№")
        if not _LETTERS_AND_DIGITS.fullmatch(text):
            raise _Wrong("Допустимы цифры, латинские и русские буквы, дефис и косая черта.")
        if len(text) > limit:
            raise _Wrong(f"Не больше {limit} знаков.")
        if digit and not re.search("[0-9]", text):
            raise _Wrong("В номере документа должна быть хотя бы одна цифра.")
        return text

    return check


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


_NUMBER_RULES: Final[Mapping[str, Callable[[str], str | None]]] = {"series": _digits(4), "number": _digits(6)}
_RULES_WITH_LETTERS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "series": _with_letters(SERIES_LENGTH, digit=False),
    "number": _with_letters(NUMBER_LENGTH, digit=True),
}
_TEXT_RULES: Final[Mapping[str, Callable[[str], str | None]]] = {
    "document_type": _document_type,
    "last_name": _name,
    "first_name": _name,
    "middle_name": _middle_name,
    "issued_by": _long_text,
    "issue_code": _issue_code,
    "registration_address": _long_text,
}
