"""What staff see of a conversation, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.content import AVITO_AUTORESPONDER, Inbound, Kind, read_content
from domain.conversations.topic import card_text, is_note, parts_notice, repeated, topic_name, topic_text
from domain.kernel.text import is_blank, utf16

FROM_AVITO = [
    kind for kind in Kind if kind.value not in ("sticker", "contact", "command", "note", "unsupported", "edited")
]


@pytest.mark.parametrize(
    ("inbound", "text"),
    [
        (Inbound(Kind.TEXT, text="Ещё  продаёте?\n"), "Ещё  продаёте?\n"),
        (Inbound(Kind.TEXT, text="\u200b"), "(пустое сообщение)"),
        (Inbound(Kind.IMAGE, image_url="u"), ""),
        (Inbound(Kind.VOICE, voice_id="v"), ""),
        (Inbound(Kind.LINK, text="вот", link_url="https://a.ru"), "вот\nhttps://a.ru"),
        (Inbound(Kind.LINK, text="вот https://a.ru !", link_url="https://a.ru"), "вот https://a.ru !"),
        (
            Inbound(Kind.ITEM, item_title="Диван", item_price="5 000 ₽", item_url="https://avito.ru/1"),
            "Объявление:\nДиван\n5 000 ₽\nhttps://avito.ru/1",
        ),
        (
            Inbound(Kind.LOCATION, text="Москва", place_title="Москва", latitude=55.6, longitude=37.5),
            "📍 Москва\n55.600000, 37.500000",
        ),
        (Inbound(Kind.CALL), "☎ Пропущенный звонок: Ольга"),
        (Inbound(Kind.DELETED), "Покупатель удалил сообщение."),
        (Inbound(Kind.SYSTEM, text="Скидка"), "Системное сообщение Avito: Скидка"),
        (
            Inbound(Kind.SYSTEM, text="Мы спим", flow_id=AVITO_AUTORESPONDER),
            "Покупателю ответил автоответчик самого Avito:\nМы спим",
        ),
        (Inbound(Kind.VIDEO), "Покупатель прислал видео: Avito его не отдаёт. Откройте чат на Avito."),
        (Inbound(Kind.FILE), "Покупатель прислал файл: Avito его не отдаёт. Откройте чат на Avito."),
        (Inbound(Kind.IMAGE), "Покупатель прислал изображение: Avito его не отдаёт. Откройте чат на Avito."),
        (
            Inbound(Kind.UNKNOWN, type_name="hologram"),
            "Покупатель прислал сообщение неизвестного вида «hologram»: Avito его не отдаёт. Откройте чат на Avito.",
        ),
    ],
)
def test_a_message_is_shown_in_words(inbound: Inbound, text: str) -> None:
    assert topic_text(inbound, buyer="Ольга") == text


def test_an_answer_from_the_avito_app_is_marked() -> None:
    assert topic_text(Inbound(Kind.TEXT, text="Да"), buyer="Ольга", from_app=True) == "Ответ из приложения Avito: Да"
    assert topic_text(Inbound(Kind.IMAGE, image_url="u"), buyer="Ольга", from_app=True) == "Ответ из приложения Avito"
    assert (
        topic_text(Inbound(Kind.VIDEO), buyer="Ольга", from_app=True)
        == "Ответ из приложения Avito: видео, Avito его не отдаёт. Откройте чат на Avito."
    )


def test_a_possible_repeat_is_marked() -> None:
    assert repeated("Да") == "↻ возможен повтор\nДа"
    assert repeated("") == "↻ возможен повтор"


@pytest.mark.parametrize("kind", FROM_AVITO)
@pytest.mark.parametrize("from_app", [False, True])
def test_nothing_that_avito_brings_is_silent(kind: Kind, from_app: bool) -> None:
    """Even without any content; a call, a file or a kind of tomorrow must not vanish."""
    type_name = "appCall" if kind is Kind.APP_CALL else kind.value
    text = topic_text(read_content(type_name, {}), buyer="", from_app=from_app)
    assert not is_blank(text)


@given(st.integers(1, 10**9), st.text(max_size=300), st.text(max_size=300))
def test_a_topics_name_fits_and_keeps_its_number(number: int, title: str, buyer: str) -> None:
    name = topic_name(number, title, buyer)
    assert 1 <= utf16(name) <= 128
    assert name.endswith(f"№{number}")
    assert "\n" not in name


@pytest.mark.parametrize(
    ("title", "buyer", "name"),
    [
        ("Велосипед Stels", "Ольга", "Велосипед Stels · Ольга · №12"),
        ("", "Ольга", "Ольга · №12"),
        ("Велосипед\nStels", " ", "Велосипед Stels · №12"),
        ("", "", "№12"),
    ],
)
def test_a_topic_is_named_after_listing_and_buyer(title: str, buyer: str, name: str) -> None:
    assert topic_name(12, title, buyer) == name


def test_the_card_says_what_is_sold_to_whom() -> None:
    assert card_text("Велосипед Stels", "12 500 ₽", "Москва", "https://avito.ru/1", "Ольга", "Прокат") == (
        "Велосипед Stels\nЦена: 12 500 ₽\nГород: Москва\nhttps://avito.ru/1\nПокупатель: Ольга\nАккаунт Avito: Прокат"
    )
    assert card_text("", None, None, None, "", "Прокат") == (
        "Чат без объявления\nПокупатель: имя не указано\nАккаунт Avito: Прокат"
    )


def test_a_card_of_any_length_is_one_message() -> None:
    assert utf16(card_text("я" * 9999, "1" * 9999, "г" * 9999, None, "б" * 9999, "а" * 9999)) <= 4096


@pytest.mark.parametrize(("text", "note"), [("// звонил", True), (" //x", True), ("/ x", False), ("http://a", False)])
def test_two_strokes_begin_a_note(text: str, note: bool) -> None:
    assert is_note(text) is note


@pytest.mark.parametrize(("parts", "words"), [(2, "2 частями"), (11, "11 частями"), (21, "21 частью")])
def test_the_number_of_parts_is_announced(parts: int, words: str) -> None:
    assert parts_notice(parts) == f"Ответ длиннее 1000 символов: покупателю он уйдёт {words}."
