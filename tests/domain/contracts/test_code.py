"""A code signs one document, once, in time, and tells nothing when it is dead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contracts.code import CodeStanding, code_standing
from domain.kernel.refusal import Refusal
from domain.people.one_time_code import SentCode, check_code, cooldown_left, hash_code, make_code
from domain.people.refusals import CodeExpired, CodeLocked, WrongCode
from tests.domain.rules import passes

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEY, SALT, DOCUMENT = b"k" * 32, b"s" * 16, "ab" * 32
CODE = "012345"
SENT = SentCode(
    hash=hash_code(CODE, SALT, KEY, DOCUMENT),
    salt=SALT,
    bound_to=DOCUMENT,
    sent_at=NOON,
    expires_at=NOON + timedelta(minutes=10),
    tries_left=5,
    used=False,
)


@pytest.mark.parametrize("typed", [CODE, " 012 345 ", "012\u00a0345"])
def test_the_right_code_is_accepted_however_it_is_spaced(typed: str) -> None:
    assert passes(check_code, SENT, typed, KEY, DOCUMENT, NOON)


@pytest.mark.parametrize("typed", ["012346", "", "12345", "0123456", "٠١٢٣٤٥", "0123４5", "абвгде", "-12345"])
def test_anything_else_is_wrong_and_costs_a_try(typed: str) -> None:
    with pytest.raises(WrongCode) as refused:
        check_code(SENT, typed, KEY, DOCUMENT, NOON)
    assert refused.value.extra == {"tries_left": 4}


def test_after_the_last_wrong_try_the_client_is_told_to_ask_for_a_new_code() -> None:
    with pytest.raises(WrongCode) as refused:
        check_code(replace(SENT, tries_left=1), "999999", KEY, DOCUMENT, NOON)
    assert refused.value.extra == {"tries_left": 0}
    assert "запросите новый" in refused.value.detail


@pytest.mark.parametrize("typed", [CODE, "999999", ""])
@pytest.mark.parametrize(
    ("sent", "document", "at", "refusal"),
    [
        (replace(SENT, tries_left=0), DOCUMENT, NOON, CodeLocked),
        (replace(SENT, tries_left=0, used=True), DOCUMENT, NOON + timedelta(hours=1), CodeLocked),
        (SENT, DOCUMENT, SENT.expires_at, CodeExpired),
        (replace(SENT, used=True), DOCUMENT, NOON, CodeExpired),
        (SENT, "cd" * 32, NOON, CodeExpired),
    ],
)
def test_a_dead_code_answers_the_same_to_right_and_wrong_digits(
    sent: SentCode, document: str, at: datetime, refusal: type[Refusal], typed: str
) -> None:
    with pytest.raises(refusal):
        check_code(sent, typed, KEY, document, at)


@pytest.mark.parametrize(
    ("tries_left", "used", "at", "standing"),
    [
        (5, False, NOON, CodeStanding.ACTIVE),
        (1, False, SENT.expires_at - timedelta(microseconds=1), CodeStanding.ACTIVE),
        (5, False, SENT.expires_at, CodeStanding.EXPIRED),
        (0, False, SENT.expires_at, CodeStanding.LOCKED),
        (5, True, NOON, CodeStanding.USED),
        (5, True, SENT.expires_at, CodeStanding.EXPIRED),
    ],
)
def test_a_code_stands_as_it_would_be_answered(
    tries_left: int, used: bool, at: datetime, standing: CodeStanding
) -> None:
    assert code_standing(tries_left, SENT.expires_at, used, at) is standing


def test_a_code_lives_until_the_very_moment_it_expires() -> None:
    assert passes(check_code, SENT, CODE, KEY, DOCUMENT, SENT.expires_at - timedelta(microseconds=1))


def test_a_code_of_another_document_never_fits_even_if_the_row_says_so() -> None:
    with pytest.raises(WrongCode):
        check_code(replace(SENT, bound_to="cd" * 32), CODE, KEY, "cd" * 32, NOON)


@pytest.mark.parametrize(
    "other",
    [
        hash_code(CODE, SALT, b"x" * 32, DOCUMENT),
        hash_code(CODE, b"t" * 16, KEY, DOCUMENT),
        hash_code(CODE, SALT, KEY, "cd" * 32),
        hash_code("012346", SALT, KEY, DOCUMENT),
        hash_code(CODE[1:], SALT + CODE[:1].encode(), KEY, DOCUMENT),
    ],
)
def test_the_hash_depends_on_every_part_and_on_where_parts_end(other: bytes) -> None:
    assert other != SENT.hash


def test_a_small_number_keeps_its_leading_zeros() -> None:
    assert make_code(lambda _: 42) == "000042"
    assert make_code(lambda bound: bound - 1) == "999999"


@given(st.integers(0, 10**6 - 1), st.integers(0, 10**6 - 1))
def test_a_code_fits_itself_only(made: int, typed: int) -> None:
    code = make_code(lambda _: made)
    sent = replace(SENT, hash=hash_code(code, SALT, KEY, DOCUMENT))
    check_code(sent, code, KEY, DOCUMENT, NOON)
    if typed != made:
        with pytest.raises(WrongCode):
            check_code(sent, f"{typed:06d}", KEY, DOCUMENT, NOON)


@pytest.mark.parametrize(
    ("sent_at", "left"),
    [
        (None, 0),
        (NOON, 60),
        (NOON - timedelta(seconds=59.5), 1),
        (NOON - timedelta(seconds=60), 0),
        (NOON - timedelta(days=1), 0),
        (NOON + timedelta(seconds=5), 60),
    ],
)
def test_the_next_code_waits_for_the_cool_down_and_no_longer(sent_at: datetime | None, left: int) -> None:
    assert cooldown_left(sent_at, NOON, 60) == left
