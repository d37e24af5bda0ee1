"""A phone is one number however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.phone import Phone, mask_phone, normalise_phone
from domain.kernel.refusal import InvalidValue

PHONE = st.from_regex(r"[1-9][0-9]{9}", fullmatch=True).filter(lambda digits: digits.isascii())


@pytest.mark.parametrize(
    "typed",
    [
        "9001234567",
        "+79001234567",
        "89001234567",
        "79001234567",
        "+7 (900) 123-45-67",
        "8 900 123 45 67",
        " 900.123.45.67 ",
        "+7\u00a0900\u00a0123\u201145\u201167",
    ],
)
def test_every_way_to_type_a_phone_gives_the_same_ten_digits(typed: str) -> None:
    assert normalise_phone(typed) == "9001234567"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "123",
        "900123456",
        "90012345678",
        "0123456789",
        "+19001234567",
        "+89001234567",
        "9001234567 доб. 2",
        "900123456a",
        "٩٠٠١٢٣٤٥٦٧",
        "++79001234567",
        "9001234567\x00",
    ],
)
def test_what_is_no_russian_number_is_refused_in_russian(typed: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        normalise_phone(typed)
    assert "10 цифр" in refused.value.detail


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
