"""What a client reads of a code."""

import pytest

from domain.contracts.code_message import (
    SMS_PART,
    WAYS,
    code_subject,
    code_went_elsewhere,
    code_went_nowhere,
    short_code_message,
)
from domain.deliveries.delivery import Channel

DIGITS = "428571"
NUMBER = "ИВ-261130-01"


@pytest.mark.parametrize("kopecks", [0, 300_000, 99_999_900, 999_950])
def test_an_sms_says_what_is_signed_for_how_much_and_fits_one_part(kopecks: int) -> None:
    text = short_code_message(NUMBER, DIGITS, kopecks)
    assert len(text.encode("utf-16-le")) // 2 <= SMS_PART
    assert text.startswith(f"{DIGITS}: ")
    for needed in (NUMBER, "₽", "Никому не сообщайте"):
        assert needed in text


def test_an_sms_shows_the_amount_to_the_kopeck() -> None:
    assert "9999,50 ₽" in short_code_message(NUMBER, DIGITS, 999_950)
    assert ", 3000 ₽." in short_code_message(NUMBER, DIGITS, 300_000)


def test_neither_subject_nor_notices_hold_digits_of_the_code() -> None:
    for text in (code_subject(NUMBER), code_went_elsewhere(NUMBER, list(Channel), 10), code_went_nowhere(NUMBER)):
        assert DIGITS not in text
        assert NUMBER in text
    assert all(way in code_went_elsewhere(NUMBER, list(Channel), 10) for way in WAYS.values())
