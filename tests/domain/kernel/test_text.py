"""Texts are measured, cut, joined and compared without losing a letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.text import (
    AVITO_TEXT,
    Group,
    coalesce,
    is_blank,
    matches_keywords,
    normalised,
    one_line,
    shorten,
    split_text,
    utf16,
)

# Few letters, many seams: spaces, sentences, accents, a family, a flag, a thumb with its colour.
seams = st.lists(
    st.sampled_from(["а", "слово", " ", "\n", "\n\n", ". ", "! ", "é", "и\u0306", "🙂", "👨‍👩‍👧", "🇷🇺", "👍🏽", "☎️"]),
    max_size=80,
).map("".join)


@pytest.mark.parametrize(("text", "units"), [("", 0), ("привет", 6), ("🙂", 2), ("а🙂б", 4), ("и\u0306", 2)])
def test_an_emoji_counts_twice(text: str, units: int) -> None:
    assert utf16(text) == units


@given(st.text())
def test_the_measure_is_that_of_utf_16(text: str) -> None:
    assert utf16(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(seams | st.text(), st.integers(2, 60))
def test_no_part_is_too_long_or_blank_and_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(utf16(part) <= limit and part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(seams, st.integers(12, 60))
def test_no_visible_character_is_torn(text: str, limit: int) -> None:
    text = text.lstrip()
    for part in split_text(text, limit):
        assert unicodedata.combining(part[0]) == 0
        assert part[0] not in "\u200d\ufe0f\U0001f3fd"
        assert part[-1] != "\u200d"
        assert sum(0x1F1E6 <= ord(char) < 0x1F200 for char in part) % 2 == 0


@given(seams, st.integers(12, 60))
def test_a_word_that_fits_is_not_torn(text: str, limit: int) -> None:
    words = text.split()
    if all(utf16(word) <= limit for word in words):
        assert [word for part in split_text(text, limit) for word in part.split()] == words


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "  отступ\n\nи строка \n" + "я" * 900
    assert split_text(text) == (text,)
    assert split_text("я" * AVITO_TEXT) == ("я" * AVITO_TEXT,)
    assert split_text("я" * (AVITO_TEXT + 1)) == ("я" * AVITO_TEXT, "я")


@pytest.mark.parametrize("text", ["", " ", "\n" * 3000])
def test_nothing_has_no_parts(text: str) -> None:
    assert split_text(text) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        # Paragraph before line before sentence before word.
        ("Первый абзац.\nСтрока.\n\nВторой", ("Первый абзац.\nСтрока.", "Второй")),
        ("Первое. Второе\nстрока конец", ("Первое. Второе", "строка конец")),
        ("Здравствуйте! Продаёте?", ("Здравствуйте!", "Продаёте?")),
        ("«Здравствуйте!» Продаёте?", ("«Здравствуйте!»", "Продаёте?")),
        ("раз два три четыре пять шесть", ("раз два три четыре", "пять шесть")),
        # A break in the first half would make too short a part.
        ("Да. Сегодня после шести вечера", ("Да. Сегодня после", "шести вечера")),
        # An address is not torn where it fits into one part.
        ("вот https://avito.ru/item1", ("вот", "https://avito.ru/item1")),
    ],
)
def test_a_cut_is_made_where_a_reader_pauses(text: str, parts: tuple[str, ...]) -> None:
    assert split_text(text, 22) == parts


def test_one_monstrous_character_is_cut_anyway() -> None:
    monster = "а" + "\u0301" * 50
    assert "".join(split_text(monster, 20)) == monster


@given(st.lists(seams.filter(str.strip), max_size=12), st.integers(20, 120))
def test_joined_texts_keep_order_and_limit(texts: list[str], limit: int) -> None:
    groups = coalesce(texts, limit)
    taken = 0
    for group in groups:
        members = texts[taken : taken + group.count]
        assert group.text == "\n\n".join(members)
        assert utf16(group.text) <= limit or group.count == 1
        taken += group.count
    assert taken == len(texts)


def test_as_many_texts_as_fit_are_one_message() -> None:
    assert coalesce(["раз", "два", "три"], 8) == (Group(2, "раз\n\nдва"), Group(1, "три"))
    assert coalesce(["длинный текст", "да"], 8) == (Group(1, "длинный текст"), Group(1, "да"))
    assert coalesce([]) == ()


@given(seams, st.integers(3, 40))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert utf16(short) <= limit
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Велосипед\n  Stels", "Велосипед Stels"),
        ("a\x00b\u202ec\u200bd\ufeff", "abcd"),
        ("👨‍👩‍👧 семья\t1", "👨‍👩‍👧 семья 1"),
        ("", ""),
    ],
)
def test_a_title_is_one_visible_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \n\u200b\u3164", True), (" . ", False), ("🙂", False)])
def test_a_text_that_nobody_sees_is_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("sent", "listed"),
    [("Да,  завтра\nв 9", "Да, завтра в 9"), ("и\u0306", "й"), (" да\u00a0", "да"), ("да\r\nнет", "да\nнет")],
)
def test_spelling_of_white_space_and_accents_does_not_matter(sent: str, listed: str) -> None:
    assert normalised(sent) == normalised(listed)


def test_case_does_matter_for_what_was_sent() -> None:
    assert normalised("Да") != normalised("да")


@pytest.mark.parametrize(
    ("text", "keyword", "matches"),
    [
        ("Самая лучшая РЕКЛАМА!", "реклама", True),
        ("ещё продаёте?", "Еще", True),
        ("еще продаете?", "продаёте", True),
        ("который час", "кот", False),
        ("скот", "кот", False),
        ("кот-учёный", "кот", True),
        ("новую рекламу дайте", "реклам*", True),
        ("антиреклама", "реклам*", False),
        ("продвинем   ваш\nмагазин", "ваш магазин", True),
        ("https://t.me/abc", "t.me", True),
        ("тxme", "t.me", False),
        ("звоните +79001234567", "+7*", True),
        ("текст", "", False),
        ("текст", " * ", False),
    ],
)
def test_a_keyword_is_found_as_whole_words(text: str, keyword: str, matches: bool) -> None:
    assert matches_keywords(text, ["другое", keyword]) is matches
