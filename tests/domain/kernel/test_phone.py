"""A phone is one number however it is typed, and what is none is refused instead of guessed."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.phone import Phone, known_phone, login_phone, mask_phone, normalise_phone
from domain.kernel.refusal import InvalidValue

CASES: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("phone_cases.json").read_text())
ACCEPTED: Final = [pair for group in CASES["accepted"].values() for pair in group]
REFUSED: Final = [typed for group in CASES["refused"].values() for typed in group]

PHONE: Final = st.from_regex(r"\A(?:[349][0-9]|80|81)[0-9]{8}\Z").filter(str.isascii)


@pytest.mark.parametrize(("typed", "digits"), ACCEPTED)
def test_every_way_to_type_a_phone_gives_the_same_ten_digits(typed: str, digits: str) -> None:
    assert normalise_phone(typed) == digits
    assert known_phone(typed) == digits
    assert login_phone(typed) == digits


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_russian_number_is_refused_in_russian(typed: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        normalise_phone(typed)
    assert "10 цифр" in refused.value.detail


@pytest.mark.parametrize("prefix", ["", "+7", "8", "7", "+7 8 ", "8 +7 ", "00 7 ", "+7 (8) "])
@given(phone=PHONE)
def test_a_prefix_changes_no_digit(prefix: str, phone: str) -> None:
    assert normalise_phone(prefix + phone) == phone


@given(PHONE, st.integers(0, 10), st.sampled_from("0123456789"))
def test_a_number_with_a_digit_too_many_is_never_read_as_another_one(phone: str, at: int, digit: str) -> None:
    """Only a leading 7 or 8 is a prefix; the number is then the one that was meant."""
    typed = f"+7 {phone[:at]}{digit}{phone[at:]}"
    try:
        assert typed.removeprefix("+7 ").endswith(normalise_phone(typed))
    except InvalidValue:
        return
    assert typed.startswith(("+7 7", "+7 8"))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (None, None),
        ("", ""),
        ("+77012345678", "7012345678"),
        ("375291234567", "375291234567"),
        ("del_17", "del_17"),
    ],
)
def test_a_phone_of_an_adopted_account_is_shown_as_it_can_be(stored: str | None, shown: str | None) -> None:
    assert known_phone(stored) == shown


def test_an_account_with_a_number_of_kazakhstan_is_signed_in_to() -> None:
    assert login_phone("8 701 234-56-78") == "7012345678"
    with pytest.raises(InvalidValue):
        login_phone("+375 29 123-45-67")


def test_a_masked_phone_keeps_the_first_and_the_last_two_digits_only() -> None:
    assert mask_phone(Phone("9001234567")) == "+7 9•• •••-••-67"


@given(st.text())
def test_any_text_is_either_ten_digits_or_a_refusal(text: str) -> None:
    try:
        phone = normalise_phone(text)
    except InvalidValue:
        return
    assert len(phone) == 10
    assert phone.isascii()
    assert phone.isdigit()
