"""Passwords that are guessed first: common ones, runs, and what is known of whoever chooses."""

import pytest

from activities.people.common_passwords import common_passwords
from domain.people.guessable import Owner, Weakness, guessed_first

ANNA = Owner("9165550102", "Анна Ёлкина", "anna.elkina@example.ru")


@pytest.mark.parametrize(
    "password",
    [
        "password1", "PASSWORD1", "P@ssw0rd", "p a s s w o r d", "passwordpassword", "qwerty123", "Qwerty2026!",
        "!!dragon!!", "monkey2026", "iloveyou", "1q2w3e4r5t", "changeme",
        # Typed on the other layout, or in Russian.
        "gfhjkm123", "пароль123", "Йцукен1986", "йцукенгшщз", "Ьщтлун2026",
        # Runs and repetitions.
        "12345678", "987654321", "1234567890123", "abcdefgh", "abcd1234", "aaaabbbb1111", "qwertyuiopasdfghjkl",
        "йцукенфывап", "абвгдежз", "абвгдеёжз", "aaaaaaaa", "жжжжжжжж", "12121212", "a1b2a1b2a1b2",
        # Names and words that stand in such lists too.
        "Michelle", "chocolate",
    ],
)  # fmt: skip
def test_a_common_password_is_known_in_every_dress(password: str) -> None:
    assert guessed_first(password, ANNA, common_passwords()) is Weakness.COMMON


@pytest.mark.parametrize(
    "password",
    ["9165550102", "+7 (916) 555-01-02", "8-916-555-01-02", "79165550102!", "a5550102b", "９１６５５５０１０２"],
)
def test_ones_own_phone_is_known_in_every_form(password: str) -> None:
    assert guessed_first(password, ANNA, {}) is Weakness.PHONE


@pytest.mark.parametrize(
    "password",
    [
        "АннаЁлкина", "Елкина1985", "elkina_anna", "Yolkina1985", "ЁЛКИНА!!!", "Tkrbyf1985", "3лкина1985 ёлкина",
        "@nna1985!", "anna.elkina@example.ru", "ПриветАнна1990",
    ],
)  # fmt: skip
def test_ones_own_name_is_known_in_both_alphabets_and_layouts(password: str) -> None:
    assert guessed_first(password, ANNA, {}) is Weakness.NAME


@pytest.mark.parametrize(
    ("email", "password"), [("snow.drop77@example.ru", "Snowdrop1985"), ("a@lavka.ru", "lavka#1985")]
)
def test_ones_own_address_is_known(email: str, password: str) -> None:
    assert guessed_first(password, Owner(email=email), {}) is Weakness.EMAIL


@pytest.mark.parametrize(
    "password",
    ["Privet2026", "привет123", "ПРИВЕТ!!!!", "pr1vet-2026", "Pr!vet99999", "ghbdtn2026", "Зкшмуе2026", "PrivetPrivet"],
)
def test_the_products_name_is_known(password: str) -> None:
    assert guessed_first(password, ANNA, {}) is Weakness.PRODUCT


@pytest.mark.parametrize(
    "password",
    [
        "ChangeMe123", "correct horse battery", "Длинный пароль 1", "зелёный чайник", "Анна и зелёный попугай",
        "ananas-banan-77", "ЯблокоГруша-77", "another-password", "x7#Kp2!qLw", "9035550103 и чайник",
        "привет из Твери, 1987",
    ],
)  # fmt: skip
def test_what_says_enough_else_is_welcome(password: str) -> None:
    assert guessed_first(password, ANNA, common_passwords()) is None


def test_the_list_has_the_ten_thousand_commonest_in_order() -> None:
    ranks = common_passwords()
    assert len(ranks) >= 10_000
    assert (ranks["123456"], ranks["password"], ranks["12345678"]) == (0, 1, 2)
    assert all(word == word.casefold() for word in ranks)
