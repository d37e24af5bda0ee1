"""What a person types is kept as it is seen; what nobody sees is taken out."""

import json
import sys
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.clock import day_of
from domain.kernel.refusal import InvalidValue
from domain.kernel.text import cleaned, cleaned_line, is_blank, is_unfit, keyboard_signs, visible
from domain.onboarding.passport import check_changes

CASES: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("typed_cases.json").read_text())
TODAY: Final = date(2026, 11, 21)


@pytest.mark.parametrize(("typed", "kept"), CASES["lines"])
def test_a_line_is_kept_without_what_is_not_seen(typed: str, kept: str) -> None:
    assert cleaned_line(typed) == kept
    assert not is_unfit(kept)
    assert is_blank(typed) == (kept == "")


@pytest.mark.parametrize("typed", CASES["unfit"])
def test_characters_of_no_script_stay_and_are_unfit(typed: str) -> None:
    assert is_unfit(cleaned(typed))


@pytest.mark.parametrize(("typed", "kept"), CASES["names"])
def test_a_name_has_the_apostrophes_and_hyphens_of_a_keyboard(typed: str, kept: str) -> None:
    assert check_changes({"last_name": typed}, TODAY) == {"last_name": kept}
    assert keyboard_signs(visible(typed)) == kept


@pytest.mark.parametrize("typed", CASES["no_middle_name"])
def test_a_dash_or_nothing_visible_is_no_middle_name(typed: str) -> None:
    assert check_changes({"middle_name": typed}, TODAY) == {"middle_name": None}


@pytest.mark.parametrize("field", ["last_name", "first_name", "issued_by", "registration_address"])
def test_a_value_of_invisible_characters_only_is_empty(field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_changes({field: "\u200b\u00ad\ufeff\u2060"}, TODAY)
    assert refused.value.errors[0]["msg"] == "Поле не может быть пустым."


def test_line_ends_are_kept_as_one_kind() -> None:
    assert cleaned("раз\r\nдва\rтри\u2028четыре\vпять\n") == "раз\nдва\nтри\nчетыре\nпять"


def test_every_invisible_character_of_unicode_is_taken_out_of_a_name() -> None:
    """All format characters but those that are seen: signs of Arabic, Syriac and Kaithi numbers, of hieroglyphs."""
    seen = range(0x0600, 0x0606), range(0x06DD, 0x06DE), range(0x070F, 0x0710), range(0x0890, 0x08E3)
    left = [
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(sign) == "Cf" and sign in visible(f"а{sign}б") and not is_unfit(f"а{sign}б")
    ]
    assert [sign for sign in left if ord(sign) < 0x11000 and not any(ord(sign) in part for part in seen)] == []


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert visible(visible(text)) == visible(text)


@given(
    st.text(
        alphabet=st.sampled_from(
            "аe\u0306\u0301\u200d\u200c\ufe0f\u20e3❤👩🏽\u202e\u202c \u00a0\n\u0645\u2800\U000e0067🏴"
        )
    )
)
def test_cleaning_signs_that_depend_on_their_neighbours_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    "text", ["2010-W20-4", "20100520", "2010W204", "2010-140", "10-05-20", "2010-5-20", "２０１０-05-20", "٢٠١٠-٠٥-٢٠",
             "2010-05-20T00:00:00", "2010-02-30", " 2010-05-20", "20.05.2010", "+2010-05-20", "2010-05-20\n", ""]
)  # fmt: skip
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        day_of(text)
    assert refused.value.detail == "Укажите дату в виде ГГГГ-ММ-ДД."


def test_a_day_is_read() -> None:
    assert day_of("2010-05-20") == date(2010, 5, 20)
