"""People find a client however they spell the name or the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.search import fold, looks_like_phone, query_text, search_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Фёдоров   ПЁТР ", "федоров петр"),
        ("Фе\u0308доров", "федоров"),
        ("Толстои\u0306", "толстой"),
        ("ул.\u00a0Лёвы\tТолстого", "ул. левы толстого"),
        ("Д’Артаньян — Римский\u2212Кор\u00adсаков\ufeff", "д'артаньян - римский-корсаков"),
        ("", ""),
    ],
)
def test_case_yo_and_spaces_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


CARD = search_text("Фёдоров Пётр", "9001234567", None, "", "Petr@Example.com", "г. Орёл, ул. Мира, д. 5")


@pytest.mark.parametrize(
    "typed",
    [
        "федоров",
        "ФЁДОРОВ п",
        "9001234567",
        "+7 900 123-45-67",
        "8 (900) 123-45",
        "+7900",
        "+7 8 (900) 123-45-67",
        "+7 8 900 12",
        "+7 +7 900 12",
        "\u202a+7 900 123\u201145\u201167\u202c",
        "tel:+79001234567",
        "фёдо\u00adров",
        "123-45-67",
        "4567",
        "petr@example.com",
        "орел",
    ],
)
def test_the_card_is_found_by_what_people_type(typed: str) -> None:
    assert query_text(typed) in CARD


@pytest.mark.parametrize("typed", ["9001234568", "+1 900 123", "иванов"])
def test_another_clients_card_is_not_found(typed: str) -> None:
    assert query_text(typed) not in CARD


def test_a_phone_typed_with_brackets_is_indexed_by_its_digits() -> None:
    assert "89001234567" in search_text("+7 (900) 123-45-67")
    assert "79001234567" in search_text("8 900 123 45 67")


def test_a_phone_of_no_usual_length_is_indexed_as_its_digits() -> None:
    assert search_text("12-34-56") == "12-34-56 123456"


def test_nothing_to_search_by_gives_an_empty_column() -> None:
    assert search_text(None, "", "  ") == ""


@pytest.mark.parametrize(
    ("text", "is_phone"),
    [
        ("+7 900", True),
        ("9001", True),
        (" 900-12 ", True),
        ("900", False),
        ("д. 5", False),
        ("900 123 ул. Мира", False),
        ("+", False),
        ("", False),
        ("٩٠٠١٢٣", False),
    ],
)
def test_a_phone_is_told_from_other_text(text: str, is_phone: bool) -> None:
    assert looks_like_phone(text) is is_phone


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="абвгдеёжАБВЁ -", min_size=1))
def test_a_name_is_always_found_by_itself(name: str) -> None:
    assert query_text(name) in search_text(name)
