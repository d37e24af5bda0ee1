"""A passport is accepted as it is printed, and every mistake is named at once."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.refusal import InvalidValue
from domain.onboarding.passport import REQUIRED, check_changes, full_name, missing_fields

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


def test_the_middle_name_is_the_only_field_that_may_be_missing() -> None:
    assert missing_fields({}) == list(REQUIRED)
    assert missing_fields({**WHOLE, "middle_name": None}) == []
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
