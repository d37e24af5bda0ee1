"""A passport is accepted as it is printed, and every mistake is named at once."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clients.document import DocumentType
from domain.kernel.refusal import InvalidValue
from domain.onboarding.passport import (
    REQUIRED,
    Fields,
    as_stored,
    check_changes,
    full_name,
    merged,
    missing_fields,
    number_to_compare,
)

TODAY = date(2026, 11, 21)
WHOLE: dict[str, str | date | None] = {
    "last_name": "Иванова-Петрова",
    "first_name": "Анна Мария",
    "middle_name": "Ивановна",
    "series": "4508",
    "number": "123456",
    "issued_by": "ГУ МВД России по г. Москве",
    "issue_code": "770-001",
    "issue_date": date(2010, 5, 17),
    "registration_address": "г. Москва, ул. Тверская, д. 1, кв. 2",
}


def wrong_fields(changes: dict[str, str | date | None]) -> list[str]:
    with pytest.raises(InvalidValue) as refused:
        check_changes(changes, TODAY)
    assert all(error["loc"][0] == "body" and error["msg"] for error in refused.value.errors)
    return [error["loc"][1] for error in refused.value.errors]


def test_a_correct_passport_passes_unchanged() -> None:
    assert check_changes(WHOLE, TODAY) == WHOLE


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("last_name", "  д’Артаньян ", "д'Артаньян"),
        ("last_name", "Сидоров—Кузнецов", "Сидоров-Кузнецов"),
        ("last_name", "Толстои\u0306", "Толстой"),
        ("first_name", "Jürgen", "Jürgen"),
        ("first_name", "Анна\u00a0\u00a0Мария", "Анна Мария"),
        ("middle_name", "", None),
        ("middle_name", "  ", None),
        ("middle_name", None, None),
        ("last_name", "\u202aИванов\u202e", "Иванов"),
        ("series", "45 08", "4508"),
        ("series", "\ufeff45\u00ad08", "4508"),
        ("issue_code", "\u200e770\u2212001", "770-001"),
        ("number", "123 456", "123456"),
        ("issue_code", "770001", "770-001"),
        ("issue_code", "770–001", "770-001"),
        ("issue_code", None, None),
        ("issue_code", " ", None),
        ("issue_code", "—", None),
        ("middle_name", "–", None),
        ("issue_date", "2010-05-17", date(2010, 5, 17)),
        ("issue_date", datetime(2010, 5, 17, 12, 0), date(2010, 5, 17)),  # noqa: DTZ001 - a form's date with a zero time
        ("issue_date", TODAY, TODAY),
        ("issue_date", date(1997, 10, 1), date(1997, 10, 1)),
        ("registration_address", "г. Москва,\n ул. Тверская", "г. Москва, ул. Тверская"),
    ],
)
def test_ways_of_typing_are_brought_to_one_form(field: str, typed: str | date | None, kept: str | date | None) -> None:
    assert check_changes({field: typed}, TODAY) == {field: kept}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("last_name", ""),
        ("last_name", "Иванов1"),
        ("last_name", "-Иванов"),
        ("last_name", "<b>Иванов</b>"),
        ("last_name", "И" * 101),
        ("first_name", "王"),
        ("middle_name", "Иванович!"),
        ("series", "450"),
        ("series", "45o8"),
        ("series", "٤٥٠٨"),
        ("number", "1234567"),
        ("issued_by", "   "),
        ("issued_by", "МВД\x00"),
        ("issued_by", "М" * 501),
        ("issue_code", "77-0001"),
        ("issue_code", "770_001"),
        ("issue_code", "000-000"),
        ("issue_code", "001-001"),
        ("issue_code", "111111"),
        ("series", ""),
        ("last_name", "Ива\u202eнов"),
        ("issue_date", "17.05.2010"),
        ("issue_date", "2010-W20-4"),
        ("issue_date", "20100517"),
        ("issue_date", ""),
        ("issue_date", "2026-11-22"),
        ("issue_date", date(1997, 9, 30)),
        ("registration_address", ""),
        ("registration_address", "Москва \ud800"),
        ("registration_address", date(2020, 1, 1)),
        ("patronymic", "Иванович"),
    ],
)
def test_a_value_that_cannot_stand_in_a_passport_is_named(field: str, typed: str | date) -> None:
    assert wrong_fields({field: typed}) == [field]


def test_all_mistakes_are_told_together() -> None:
    assert wrong_fields({"series": "1", "first_name": "Анна", "number": "2", "issue_date": "x"}) == [
        "series",
        "number",
        "issue_date",
    ]


def test_a_refusal_repeats_none_of_the_typed_values() -> None:
    with pytest.raises(InvalidValue) as refused:
        check_changes({"last_name": "Секретов1", "number": "98765"}, TODAY)
    assert "Секретов" not in repr(refused.value.errors) + str(refused.value)
    assert "98765" not in repr(refused.value.errors) + str(refused.value)


def test_a_required_field_sent_empty_handed_changes_nothing() -> None:
    assert check_changes({"last_name": None, "series": "4508"}, TODAY) == {"series": "4508"}


def test_a_series_of_another_year_than_the_issue_is_accepted() -> None:
    changes: dict[str, str | date | None] = {"series": "4599", "issue_date": date(2024, 1, 10)}
    assert check_changes(changes, TODAY) == changes


def test_an_internal_passport_may_lack_a_middle_name_and_a_division_code() -> None:
    assert missing_fields({}) == list(REQUIRED)
    assert missing_fields({**WHOLE, "middle_name": None, "issue_code": None}) == []
    assert missing_fields({**WHOLE, "number": None, "issued_by": ""}) == ["number", "issued_by"]


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("Иванов", "Иван", "Иванович"), "Иванов Иван Иванович"),
        (("Ким", "Анна", None), "Ким Анна"),
        ((None, None, None), ""),
    ],
)
def test_a_full_name_has_no_gap_where_a_part_is_absent(
    names: tuple[str | None, str | None, str | None], written: str
) -> None:
    assert full_name(*names) == written


@given(st.sampled_from(REQUIRED), st.text(max_size=600))
def test_any_text_is_accepted_once_and_then_stays_as_it_is(field: str, text: str) -> None:
    try:
        kept = check_changes({field: text}, TODAY)
    except InvalidValue:
        return
    assert check_changes(kept, TODAY) == kept


FOREIGN, PERMIT = DocumentType.FOREIGN_PASSPORT, DocumentType.RESIDENCE_PERMIT


@pytest.mark.parametrize("code", ["000-000", "000000", "007-123", "999-999"])
def test_a_division_code_that_stands_for_none_is_refused_with_what_to_do(code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_changes({"issue_code": code}, TODAY)
    assert "оставьте поле пустым" in refused.value.errors[0]["msg"]


@pytest.mark.parametrize("document", [FOREIGN, PERMIT])
@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("series", "fa", "FA"),
        ("series", None, None),
        ("series", "  ", None),
        ("number", "n 1234567", "N1234567"),
        ("number", "№ 0123456", "0123456"),
        ("number", "C01X00T47", "C01X00T47"),
        ("number", "XXII–БА/123456", "XXII-БА/123456"),
        ("issue_code", "", None),
        ("issue_code", None, None),
        ("issue_date", "1985-03-01", date(1985, 3, 1)),
    ],
)
def test_other_documents_take_letters_and_other_lengths(
    document: DocumentType, field: str, typed: str | None, kept: str | date | None
) -> None:
    sent: Fields = {"document_type": document, field: typed}
    assert check_changes(sent, TODAY) == {"document_type": document, field: kept}
    assert check_changes({field: typed}, TODAY, document) == {field: kept}


@pytest.mark.parametrize("document", [FOREIGN, PERMIT])
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("series", "A" * 11),
        ("number", "1" * 16),
        ("number", ""),
        ("number", "ABC"),
        ("number", "AB_123"),
        ("number", "٤٥٠٨٤٥"),
        ("issue_code", "770-001"),
        ("issue_date", "1899-12-31"),
        ("issue_date", "2026-11-22"),
    ],
)
def test_what_no_document_has_is_named_for_other_documents_too(document: DocumentType, field: str, typed: str) -> None:
    assert wrong_fields({"document_type": document, field: typed}) == [field]


def test_an_unknown_document_is_refused_beside_the_other_mistakes() -> None:
    assert wrong_fields({"document_type": "driving_licence", "last_name": "1"}) == ["document_type", "last_name"]


def test_a_foreign_document_needs_no_series_and_no_code() -> None:
    whole = {**WHOLE, "document_type": FOREIGN, "series": None, "issue_code": None}
    assert missing_fields(whole) == []
    assert missing_fields({**whole, "number": None}) == ["number"]


STORED = as_stored(WHOLE)
ABROAD = as_stored({**WHOLE, "document_type": FOREIGN, "series": "FA", "number": "1234567", "issue_code": None})


@pytest.mark.parametrize(
    ("stored", "document", "taken_away"),
    [
        (STORED, FOREIGN, {"issue_code"}),
        (STORED, PERMIT, {"issue_code"}),
        (ABROAD, DocumentType.PASSPORT_RF, {"series", "number"}),
        (ABROAD, PERMIT, set()),
        ({**ABROAD, "issue_date": "1995-01-01"}, DocumentType.PASSPORT_RF, {"series", "number", "issue_date"}),
    ],
)
def test_another_type_takes_away_what_it_cannot_have(
    stored: dict[str, str | None], document: DocumentType, taken_away: set[str]
) -> None:
    after = merged(stored, {"document_type": document}, TODAY)
    assert after == {**stored, "document_type": document, **dict.fromkeys(taken_away)}
    assert set(missing_fields(after)) == taken_away & {*REQUIRED}


def test_what_is_sent_is_checked_by_the_type_that_is_stored() -> None:
    assert merged(ABROAD, {"number": "ab 12", "document_type": None}, TODAY)["number"] == "AB12"
    for stored, change in ((STORED, {"number": "AB12"}), (ABROAD, {"issue_code": "770-001"})):
        with pytest.raises(InvalidValue):
            merged(stored, change, TODAY)


def test_what_an_earlier_release_accepted_stays_until_its_field_is_sent() -> None:
    stored = {**STORED, "issue_code": "000-000"}
    assert merged(stored, {"last_name": "Петрова"}, TODAY) == {**stored, "last_name": "Петрова"}


@pytest.mark.parametrize(
    ("fields", "compared"),
    [
        ({"series": "4508", "number": "123456"}, "4508123456"),
        ({"series": "4508"}, None),
        ({"document_type": FOREIGN, "series": "МР", "number": "1234567"}, "foreign_passport:MP1234567"),
        ({"document_type": FOREIGN, "series": "MP", "number": "1234567"}, "foreign_passport:MP1234567"),
        ({"document_type": FOREIGN, "number": "MP-1234567"}, "foreign_passport:MP1234567"),
        ({"document_type": PERMIT, "series": "45", "number": "08123456"}, "residence_permit:4508123456"),
        ({"document_type": PERMIT, "series": "82"}, None),
    ],
)
def test_one_document_is_found_again_however_its_number_is_typed(
    fields: dict[str, str | None], compared: str | None
) -> None:
    assert number_to_compare(fields) == compared
