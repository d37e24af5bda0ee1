"""How passwords are kept."""

import pytest
from argon2 import PasswordHasher

from domain.kernel.refusal import InvalidValue
from domain.people.guessable import Owner
from domain.people.password import check_password, hash_password, matches, needs_rehash
from tests.domain.rules import passes


def test_only_the_right_password_matches_and_the_same_one_is_never_kept_twice_alike() -> None:
    stored = hash_password("пароль с пробелом")
    assert stored.startswith("$argon2id$")
    assert stored != hash_password("пароль с пробелом")
    assert matches(stored, "пароль с пробелом")
    assert not matches(stored, "пароль с пробелом ")


@pytest.mark.parametrize("stored", ["", "plain", "$2b$12$abcdefghijklmnopqrstuuVbJ3X9ucEqXKxZ6Ao1y.K0Ci0TCkTbm"])
def test_a_hash_of_another_kind_lets_nobody_in(stored: str) -> None:
    assert not matches(stored, "plain")


def test_a_hash_with_parameters_of_the_past_is_made_again() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("ChangeMe123"))
    assert not needs_rehash(hash_password("ChangeMe123"))


PHRASE = "зелёный чайник поёт в четверг над рекой, " * 4


@pytest.mark.parametrize("length", [0, 7, 129])
def test_a_password_that_is_too_short_or_too_long_is_refused_with_its_place(length: int) -> None:
    with pytest.raises(InvalidValue, match="от 8 до 128") as refused:
        check_password(PHRASE[:length], Owner(), {})
    assert refused.value.errors[0]["loc"] == ["body", "password"]


@pytest.mark.parametrize("length", [8, 64, 128])
def test_long_passphrases_are_welcome(length: int) -> None:
    assert passes(check_password, PHRASE[:length], Owner(), {})


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("qwerty-123", "распространённых"),
        ("8 916 555-01-02", "номер телефона"),
        ("Ёлкина1985", "имя"),
        ("elka-1985", "почту"),
        ("Privet2026", "название"),
    ],
)
def test_the_reason_is_said_in_words(password: str, why: str) -> None:
    owner = Owner("9165550102", "Анна Ёлкина", "elka@example.ru")
    with pytest.raises(InvalidValue, match=why) as refused:
        check_password(password, owner, {"qwerty": 3})
    assert [error["loc"] for error in refused.value.errors] == [["body", "password"]]


COMPOSED, APART = "\u0439" * 4 + "зимний", "\u0438\u0306" * 4 + "зимнии\u0306"


def test_one_password_typed_on_two_keyboards_is_one_password() -> None:
    assert matches(hash_password(COMPOSED), APART)
    assert matches(hash_password(APART), COMPOSED)


def test_a_hash_of_a_password_as_it_was_typed_still_matches() -> None:
    before = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(APART)
    assert matches(before, APART)
    assert not matches(before, "другой пароль")


def test_the_length_is_that_of_the_normalised_password() -> None:
    assert passes(check_password, "ﬁ" * 2 + "чайн", Owner(), {})
    with pytest.raises(InvalidValue):
        check_password("ﷺ" * 8, Owner(), {})
