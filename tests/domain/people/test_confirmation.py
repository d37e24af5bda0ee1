"""Confirmation of phones and e-mail addresses: what is proven, how many codes, what they say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.confirmation import (
    DAY,
    email_code_message,
    has_proven,
    is_mobile,
    mask_email,
    phone_code_message,
    wait_for_room,
)

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("confirmed", "proved", "proven"),
    [
        (None, None, False),
        (NOON, None, False),
        (None, NOON, False),
        (NOON, NOON, True),
        (NOON, NOON + SECOND, True),
        (NOON, NOON - SECOND, False),
    ],
)
def test_a_proof_covers_the_phone_that_was_confirmed_before_it(
    confirmed: datetime | None, proved: datetime | None, proven: bool
) -> None:
    assert has_proven(confirmed, proved) is proven


@pytest.mark.parametrize(
    ("phone", "mobile"), [("9161234567", True), ("4951234567", False), ("8001234567", False), ("3431234567", False)]
)
def test_only_mobile_phones_get_an_sms(phone: str, mobile: bool) -> None:
    assert is_mobile(phone) is mobile


@given(st.lists(st.integers(0, 2 * 86_400), max_size=20), st.integers(1, 10))
def test_after_the_wait_there_is_room_and_a_second_before_there_is_none(ages: list[int], most: int) -> None:
    times = sorted(NOON - timedelta(seconds=age) for age in ages)
    wait = wait_for_room(times, most, NOON)
    assert wait_for_room(times, most, NOON + timedelta(seconds=wait)) == 0
    if wait > 1:
        assert wait_for_room(times, most, NOON + timedelta(seconds=wait - 1)) == 1
    assert (wait == 0) == (sum(1 for at in times if at > NOON - DAY) < most)


def test_a_code_fits_one_sms_and_says_that_nobody_may_be_told() -> None:
    text = phone_code_message("012345")
    assert text.startswith("012345 ")
    assert len(text) <= 70
    assert "Не говорите его никому" in text
    assert "012345" in email_code_message("012345", 10)


@pytest.mark.parametrize(
    ("email", "shown"),
    [("anna@example.com", "a•••@example.com"), ("a@b.ru", "a•••@b.ru"), ("я@пример.рф", "я•••@пример.рф")],
)
def test_an_address_is_masked_but_for_its_first_letter_and_host(email: str, shown: str) -> None:
    assert mask_email(email) == shown
