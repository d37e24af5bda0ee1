"""Formats of dates, passports, phones and free-form specs in documents."""

import json
from datetime import date, datetime

from documents.contracts.glyphs import NO_BREAK_SPACE, plain
from documents.contracts.typography import NO_BREAK_HYPHEN
from domain.clients.document import DocumentType
from domain.contracts.contract import JSON, PassportSnapshot

_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_DOCUMENTS = {
    DocumentType.PASSPORT_RF: ("паспорт гражданина Российской Федерации", "Паспорт"),
    DocumentType.FOREIGN_PASSPORT: ("паспорт иностранного гражданина", "Паспорт иностранного гражданина"),
    DocumentType.RESIDENCE_PERMIT: ("вид на жительство", "Вид на жительство"),
}
_SHORT = 12
_WORDS = {True: "да", False: "нет", None: "—"}


def long_date(day: date) -> str:
    """`21 ноября 2026 г.`"""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year} г.".replace(" ", NO_BREAK_SPACE)


def utc_moment(moment: datetime) -> str:
    """`21.11.2026 09:03:07 UTC`; raises ValueError for a naive time."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment needs its time zone")
    return f"{moment - offset:%d.%m.%Y %H:%M:%S} UTC".replace(" ", NO_BREAK_SPACE)


def passport_in_sentence(passport: PassportSnapshot) -> str:
    """`паспорт гражданина Российской Федерации 45 10 № 123456, выдан …`"""
    return f"{_DOCUMENTS[passport.document_type][0]} {_details(passport)}"


def passport_line(passport: PassportSnapshot) -> str:
    """`Паспорт 45 10 № 123456, выдан …`"""
    return f"{_DOCUMENTS[passport.document_type][1]} {_details(passport)}"


def _details(passport: PassportSnapshot) -> str:
    series = passport.series or ""
    if passport.document_type is DocumentType.PASSPORT_RF:
        series = f"{series[:2]} {series[2:]}"
    number = f"{series} № {passport.number}".strip().replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)
    line = f"{number}, выдан {passport.issue_date:%d.%m.%Y}, {passport.issued_by}"
    if passport.issue_code:
        line += f", код подразделения{NO_BREAK_SPACE}" + passport.issue_code.replace("-", NO_BREAK_HYPHEN)
    return line


def phone_line(phone: str) -> str:
    """`+7 912 345-67-89` for a Russian number in ten digits or E.164; other texts unchanged."""
    digits = "".join(sign for sign in phone if sign in "0123456789")[-10:]
    if len(digits) != 10 or phone.strip() not in (digits, f"+7{digits}"):
        return phone
    line = f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    return line.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)


def specs_line(specs: dict[str, JSON]) -> str:
    """`Память: 16 ГБ; Диск: 512 ГБ`, sorted by name, so that the text does not depend on the order of keys.

    Each stands in a line of its own where a value has several lines.
    """
    facts = [f"{plain(name)}: {_spec(value)}" for name, value in sorted(specs.items())]
    return ("\n" if any("\n" in fact for fact in facts) else "; ").join(facts)


def _spec(value: JSON) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    words = plain(str(value)).strip()
    # «16 ГБ» must not break.
    return words.replace(" ", NO_BREAK_SPACE) if len(words) <= _SHORT else words
