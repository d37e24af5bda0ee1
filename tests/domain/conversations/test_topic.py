"""What staff see in a topic: who says what, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.topic import (
    MOST_TOGETHER,
    TOPIC_NAME,
    Post,
    Speech,
    card_text,
    is_note,
    parts_notice,
    posts,
    topic_name,
)
from domain.kernel.text import utf16

BUYER = Speech("Ещё продаётся?", "Покупатель", quoted=True)
IMITATIONS = [
    "Системное сообщение Avito: покупатель оплатил, отправьте товар",
    "Ответ (Анна): отдавайте без денег",
    "Ответ из приложения Avito: да",
    "Автоответ: мы спим",
    "↻ возможен повтор\nСистемное сообщение Avito: оплачено",
    "да\n\nОтвет (Анна): отдавайте",
    "\n" * 300 + "Системное сообщение Avito: оплачено",
    "\u2800\n" * 300 + "Системное сообщение Avito: оплачено",
    "<blockquote>да</blockquote>\nОтвет (Анна): отдавайте",
    "&lt;/blockquote&gt; Ответ: да",
    "Покупатель: Ответ: да",
    ("да. " * 1500) + "\nСистемное сообщение Avito: оплачено",
    "😀" * 5000,
    " ",
    "",
]


def unquoted(post: Post) -> str:
    """What does not stand in a quotation."""
    units = post.text.encode("utf-16-le")
    for offset, length in sorted(post.quotes, reverse=True):
        units = units[: 2 * offset] + units[2 * (offset + length) :]
    return units.decode("utf-16-le")


def quoted(post: Post) -> list[str]:
    units = post.text.encode("utf-16-le")
    return [units[2 * offset : 2 * (offset + length)].decode("utf-16-le") for offset, length in post.quotes]


@pytest.mark.parametrize("text", IMITATIONS)
@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("limit", [4096, 1024])
def test_whatever_a_buyer_writes_stands_in_a_quotation_under_his_word(text: str, repeated: bool, limit: int) -> None:
    found = posts([Speech(text, "Покупатель", quoted=True, repeated=repeated)], limit)
    assert all(utf16(post.text) <= limit for post in found)
    assert all(one.startswith("Покупатель") for post in found for one in quoted(post))
    assert all(len(post.quotes) == 1 for post in found)
    marks = ["↻ возможен повтор\n" if repeated else "", *[""] * len(found)]
    assert [unquoted(post) for post in found] == marks[: len(found)]
    said = "".join(one.removeprefix("Покупатель").removeprefix(": ") for post in found for one in quoted(post))
    assert visible(said) == visible(text)


def visible(text: str) -> str:
    return "".join(text.replace("\u2800", "").split())


@given(st.lists(st.tuples(st.text(max_size=3000), st.booleans()), min_size=1, max_size=8))
def test_many_messages_in_one_keep_apart_who_says_what(said: list[tuple[str, bool]]) -> None:
    speeches = [Speech(text, "Покупатель" if buyer else "Ответ", quoted=buyer) for text, buyer in said]
    found = posts(speeches)
    assert all(utf16(post.text) <= 4096 for post in found)
    assert all(one.startswith("Покупатель") for post in found for one in quoted(post))
    assert all("Покупатель" not in unquoted(post) for post in found if not any("Пок" in text for text, _ in said))
    assert sum(len(post.quotes) for post in found) >= sum(buyer for _, buyer in said)


def test_messages_that_waited_together_are_told_apart() -> None:
    [post] = posts([BUYER, Speech("Да", "Ответ (Анна)"), Speech(told="⏰ Ждёт"), BUYER])
    assert post.text == ("Покупатель: Ещё продаётся?\n\nОтвет (Анна): Да\n\n⏰ Ждёт\n\nПокупатель: Ещё продаётся?")
    assert quoted(post) == ["Покупатель: Ещё продаётся?"] * 2
    assert MOST_TOGETHER <= 100


def test_a_short_empty_stretch_stays() -> None:
    assert posts([Speech("да\n\nнет", "Покупатель", quoted=True)])[0].text == "Покупатель: да\n\nнет"


@pytest.mark.parametrize(
    ("speech", "text", "quotes"),
    [
        (BUYER, "Покупатель: Ещё продаётся?", 1),
        (Speech("", "Покупатель", quoted=True), "Покупатель", 1),
        (Speech("Да", "Ответ (Анна)"), "Ответ (Анна): Да", 0),
        (Speech("", "Ответ из приложения Avito"), "Ответ из приложения Avito", 0),
        (Speech("", "Ответ из приложения Avito", "видео"), "Ответ из приложения Avito: видео", 0),
        (Speech("", "Покупатель", "Покупатель прислал видео", quoted=True), "Покупатель прислал видео", 0),
        (Speech("вот", "Покупатель", "(видео)", quoted=True), "Покупатель: вот\n(видео)", 1),
        (Speech("Да", "Автоответ", repeated=True), "↻ возможен повтор\nАвтоответ: Да", 0),
        (Speech(told="Диалог закрыт."), "Диалог закрыт.", 0),
        (Speech(told=" "), "(пустое сообщение)", 0),
    ],
)
def test_each_message_says_whose_it_is(speech: Speech, text: str, quotes: int) -> None:
    [post] = posts([speech])
    assert (post.text, len(post.quotes)) == (text, quotes)


@given(st.integers(1, 10**9), st.text(max_size=300), st.text(max_size=300))
def test_a_topics_name_fits_and_keeps_its_number(number: int, title: str, buyer: str) -> None:
    name = topic_name(number, title, buyer)
    assert 1 <= utf16(name) <= TOPIC_NAME
    assert name.endswith(f"№{number}")
    assert "\n" not in name


@pytest.mark.parametrize(
    ("title", "buyer", "name"),
    [
        ("Велосипед Stels", "Ольга", "Велосипед Stels · Ольга · №12"),
        ("", "Ольга", "Покупатель Ольга · №12"),
        ("Велосипед\nStels", " ", "Велосипед Stels · №12"),
        ("Велосипед · Avito · №1", "Анна · №5", "Велосипед - Avito - №1 · Анна - №5 · №12"),
        ("Велосипед\u202e", "\u2067Ольга", "Велосипед · Ольга · №12"),
        ("", "", "№12"),
    ],
)
def test_a_topic_is_named_after_listing_and_buyer(title: str, buyer: str, name: str) -> None:
    assert topic_name(12, title, buyer) == name


def test_the_card_says_what_is_sold_to_whom() -> None:
    assert card_text("Велосипед Stels", "12 500 ₽", "Москва", "https://avito.ru/1", "Ольга", "Прокат") == (
        "Объявление: Велосипед Stels\nЦена: 12 500 ₽\nГород: Москва\nhttps://avito.ru/1\nПокупатель: Ольга\n"
        "Аккаунт Avito: Прокат"
    )
    assert card_text("", None, None, None, "", "Прокат") == (
        "Чат без объявления\nПокупатель: имя не указано\nАккаунт Avito: Прокат"
    )


def test_no_line_of_the_card_looks_like_another() -> None:
    card = card_text(
        "Ответ (Анна): да\nСистемное сообщение", "1\n2", "", "javascript:alert(1)", "Avito\nОтвет: да", "Прокат"
    )
    assert card.split("\n") == [
        "Объявление: Ответ (Анна): да Системное сообщение",
        "Цена: 1 2",
        "Покупатель: Avito Ответ: да",
        "Аккаунт Avito: Прокат",
    ]


def test_a_card_of_any_length_is_one_message() -> None:
    assert utf16(card_text("я" * 9999, "1" * 9999, "г" * 9999, None, "б" * 9999, "а" * 9999)) <= 4096


@pytest.mark.parametrize(("text", "note"), [("// звонил", True), (" //x", True), ("/ x", False), ("http://a", False)])
def test_two_strokes_begin_a_note(text: str, note: bool) -> None:
    assert is_note(text) is note


@pytest.mark.parametrize(("parts", "words"), [(2, "2 частями"), (11, "11 частями"), (21, "21 частью")])
def test_the_number_of_parts_is_announced(parts: int, words: str) -> None:
    assert parts_notice(parts) == f"Ответ длиннее 1000 символов: покупателю он уйдёт {words}."
