"""How passwords are kept."""

import pytest
from argon2 import PasswordHasher

from domain.kernel.refusal import InvalidValue
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


@pytest.mark.parametrize("length", [0, 7, 129])
def test_a_password_that_is_too_short_or_too_long_is_refused_with_its_place(length: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_password("ж" * length)
    assert refused.value.errors[0]["loc"] == ["body", "password"]


@pytest.mark.parametrize("length", [8, 64, 128])
def test_long_passphrases_are_welcome(length: int) -> None:
    assert passes(check_password, "ж" * length)
