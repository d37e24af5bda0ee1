"""Canned replies say what they were meant to, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.canned_reply import check_canned, check_template, render
from domain.kernel.refusal import InvalidValue
from tests.domain.rules import passes

VALUES = {"buyer": "Ольга", "item": "Велосипед", "price": "12 500 ₽", "account": "Прокат"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Здравствуйте, {buyer}! {item} стоит {price}.", "Здравствуйте, Ольга! Велосипед стоит 12 500 ₽."),
        ("{ buyer }{account}", "ОльгаПрокат"),
        ("Скидка {{buyer}} и }}", "Скидка {buyer} и }"),
        ("{{{buyer}}}", "{Ольга}"),
        ("Просто текст", "Просто текст"),
    ],
)
def test_variables_are_filled_in(template: str, text: str) -> None:
    assert render(template, VALUES) == text


def test_a_value_is_text_and_no_template() -> None:
    assert render("{buyer}", {"buyer": "{price}", "price": "1"}) == "{price}"
    assert render("Цена: {price}", {}) == "Цена: "


@given(st.text(min_size=1, max_size=400).filter(str.strip))
def test_doubled_braces_write_any_text(text: str) -> None:
    assert render(text.replace("{", "{{").replace("}", "}}"), VALUES) == text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{byuer}", "{byuer}"),
        ("{}", "{}"),
        ("{buyer.__class__}", "{buyer.__class__}"),
        ("{buyer!r}", "Неизвестная переменная"),
        ("{buyer", "без пары"),
        ("buyer}", "без пары"),
        ("{{buyer}", "без пары"),
        ("", "пуст"),
        (" \n", "пуст"),
        ("я" * 1001, "длиннее 1000"),
    ],
)
def test_a_wrong_template_is_refused(template: str, words: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_template(template)
    assert words in refused.value.detail
    with pytest.raises(InvalidValue):
        render(template, VALUES)


def test_an_unknown_variable_is_told_which_ones_there_are() -> None:
    with pytest.raises(InvalidValue, match=r"\{buyer\}, \{item\}, \{price\}, \{account\}"):
        check_template("{name}")


def test_good_templates_pass() -> None:
    assert passes(check_canned, {"привет": "Здравствуйте, {buyer}!", "price_1": "я" * 1000})
    assert passes(check_canned, {f"шаблон-{number}": "да" for number in range(50)})


def test_every_wrong_template_is_named() -> None:
    with pytest.raises(InvalidValue) as refused:
        check_canned({"Привет": "да", "два слова": "да", "": "да", "я" * 33: "да", "цена": "{cost}", "ок": "да"})
    assert [error["loc"][2] for error in refused.value.errors] == ["Привет", "два слова", "", "я" * 33, "цена"]


def test_too_many_templates_are_refused() -> None:
    with pytest.raises(InvalidValue) as refused:
        check_canned({f"шаблон-{number}": "да" for number in range(51)})
    assert [error["loc"] for error in refused.value.errors] == [["body", "canned_replies"]]
