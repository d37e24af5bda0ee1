"""Money in kopecks: what is accepted, how it is written, and the Russian plural."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.money import MAX_ROUBLES, Kopecks, format_roubles, in_words, kopecks, plain_roubles, plural, roubles

amounts = st.integers(min_value=0, max_value=MAX_ROUBLES * 100).map(Kopecks)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1000, 100_000),
        (1000.5, 100_050),
        (0.1, 10),
        (0.29, 29),
        (1.15, 115),
        (-0.0, 0),
        ("1000.50", 100_050),
        ("7", 700),
        (Decimal("12.340"), 1234),
        (Decimal("1E3"), 100_000),
        (MAX_ROUBLES, MAX_ROUBLES * 100),
    ],
)
def test_an_amount_in_roubles_is_exact_kopecks(value: Decimal | int | float | str, expected: int) -> None:
    assert kopecks(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(0.001, 1.005, Decimal("0.011"), Decimal("1E-1000000"), "10.999"),
        *(float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), "nan"),
        *(-1, -0.01, Decimal("-0.01"), "-5"),
        *(MAX_ROUBLES + 1, MAX_ROUBLES + 0.01, 1e300, Decimal("1E1000000"), "99999999999999999999"),
        *("", " 1", "1_000", "1,5", "1e3", "٣", "0x10", True, False),
    ],
)
def test_what_is_no_amount_is_refused(value: Decimal | int | float | str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        kopecks(value)


@given(amounts)
def test_an_amount_comes_back_from_json_text_and_message_unchanged(amount: Kopecks) -> None:
    assert kopecks(roubles(amount)) == amount
    assert kopecks(plain_roubles(amount)) == amount
    assert kopecks(format_roubles(amount).replace("\u00a0", "").replace(",", ".")) == amount


@given(st.floats(allow_nan=True, allow_infinity=True) | st.decimals() | st.text() | st.integers())
def test_anything_else_is_a_value_error_or_an_amount(value: Decimal | int | float | str) -> None:
    try:
        amount = kopecks(value)
    except ValueError:
        return
    assert 0 <= amount <= MAX_ROUBLES * 100


@pytest.mark.parametrize(
    ("amount", "number", "message", "document"),
    [
        (0, 0, "0.00", "0,00"),
        (5, 0.05, "0.05", "0,05"),
        (100_000, 1000, "1000.00", "1\u00a0000,00"),
        (1_234_567, 12345.67, "12345.67", "12\u00a0345,67"),
        (123_456_789_01, 123456789.01, "123456789.01", "123\u00a0456\u00a0789,01"),
    ],
)
def test_an_amount_is_written_for_json_message_and_document(
    amount: int, number: float, message: str, document: str
) -> None:
    assert roubles(Kopecks(amount)) == number
    assert plain_roubles(Kopecks(amount)) == message
    assert format_roubles(Kopecks(amount)) == document


@pytest.mark.parametrize(
    ("form", "counts"),
    [
        ("рубль", (1, 21, 31, 41, 51, 61, 71, 81, 101, 1001)),
        ("рубля", (2, 3, 4, 22, 23, 34, 42, 54, 103, 1_000_004)),
        ("рублей", (0, 5, 9, 10, 11, 12, 14, 20, 111, 1_000_013)),
    ],
)
def test_the_noun_follows_the_number(form: str, counts: tuple[int, ...]) -> None:
    assert len(counts) == 10
    for count in counts:
        assert plural(count, "рубль", "рубля", "рублей") == form
        assert f") {form} 00\u00a0копеек" in in_words(Kopecks(count * 100))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0 (Ноль) рублей 00 копеек"),
        (101, "1 (Один) рубль 01 копейка"),
        (202, "2 (Два) рубля 02 копейки"),
        (2_111, "21 (Двадцать один) рубль 11 копеек"),
        (100_021, "1 000 (Одна тысяча) рублей 21 копейка"),
        (200_224, "2 002 (Две тысячи два) рубля 24 копейки"),
        (1_234_567, "12 345 (Двенадцать тысяч триста сорок пять) рублей 67 копеек"),
        (100_000_000, "1 000 000 (Один миллион) рублей 00 копеек"),
        (103_900_011, "1 039 000 (Один миллион тридцать девять тысяч) рублей 11 копеек"),
    ],
)
def test_an_amount_in_words_reads_as_a_contract_wants_it(amount: int, words: str) -> None:
    assert in_words(Kopecks(amount)).replace("\u00a0", " ") == words
