"""What a message says, in words, wherever it is shown."""

import pytest

from domain.conversations.content import AVITO_AUTORESPONDER, Inbound, Kind, read_content, read_stored, stored_body
from domain.conversations.wording import Wording, inbound_wording, wording
from domain.kernel.text import is_blank

FROM_AVITO = [
    kind for kind in Kind if kind.value not in ("sticker", "contact", "command", "note", "unsupported", "edited")
]
GONE = "Avito его не отдаёт. Откройте чат на Avito."


@pytest.mark.parametrize(
    ("inbound", "said", "told"),
    [
        (Inbound(Kind.TEXT, text="Ещё  продаёте?\n"), "Ещё  продаёте?\n", ""),
        (Inbound(Kind.TEXT, text="Да\u202eтен"), "Датен", ""),
        (Inbound(Kind.TEXT, text="\u200b"), "", "(пустое сообщение)"),
        (Inbound(Kind.IMAGE, image_url="u"), "", ""),
        (Inbound(Kind.IMAGE, image_url="u", text="вот"), "вот", ""),
        (Inbound(Kind.IMAGE), "", f"Покупатель прислал изображение: {GONE}"),
        (Inbound(Kind.VOICE, voice_id="v"), "", ""),
        (Inbound(Kind.VOICE), "", f"Покупатель прислал голосовое сообщение: {GONE}"),
        (Inbound(Kind.LINK, text="вот", link_url="https://a.ru"), "вот\nhttps://a.ru", ""),
        (Inbound(Kind.LINK, text="вот https://a.ru !", link_url="https://a.ru"), "вот https://a.ru !", ""),
        (Inbound(Kind.LINK, text="(https://a.ru).", link_url="https://a.ru"), "(https://a.ru).\nhttps://a.ru", ""),
        (Inbound(Kind.LINK, text="смотри https://a.ru.", link_url="https://a.ru"), "смотри https://a.ru.", ""),
        # What is opened is another address than what is shown.
        (
            Inbound(Kind.LINK, text="https://avito.ru.evil.ru", link_url="https://avito.ru"),
            "https://avito.ru.evil.ru\nhttps://avito.ru",
            "",
        ),
        (
            Inbound(Kind.LINK, text="habr.com", link_url="https://habr.com/ru/", link_title="Лучшее\nза сутки"),
            "habr.com\n«Лучшее за сутки»\nhttps://habr.com/ru/",
            "",
        ),
        (Inbound(Kind.LINK), "", f"Покупатель прислал сообщение со ссылкой: {GONE}"),
        (
            Inbound(Kind.ITEM, item_title="Диван", item_price="5 000 ₽", item_url="https://avito.ru/1"),
            "Объявление: Диван\n5 000 ₽\nhttps://avito.ru/1",
            "",
        ),
        (Inbound(Kind.ITEM), "", f"Покупатель прислал объявление: {GONE}"),
        (
            Inbound(Kind.LOCATION, text="Москва", place_title="Москва", latitude=55.6, longitude=37.5),
            "📍 Москва\n55.600000, 37.500000",
            "",
        ),
        (Inbound(Kind.LOCATION), "", f"Покупатель прислал место на карте: {GONE}"),
        (Inbound(Kind.CALL), "", "☎ Пропущенный звонок от покупателя."),
        (Inbound(Kind.CALL, call_status="answered"), "", "☎ Звонок от покупателя."),
        (
            Inbound(Kind.APP_CALL, text="2 минуты"),
            "2 минуты",
            "☎ Звонок через приложение Avito: подробностей Avito не отдаёт. Откройте чат на Avito.",
        ),
        (Inbound(Kind.DELETED), "", "Покупатель удалил сообщение."),
        (Inbound(Kind.SYSTEM, text="Скидка"), "Скидка", ""),
        (Inbound(Kind.SYSTEM), "(без текста)", ""),
        (
            Inbound(Kind.SYSTEM, text="Мы спим", flow_id=AVITO_AUTORESPONDER),
            "Покупателю ответил автоответчик самого Avito:\nМы спим",
            "",
        ),
        (Inbound(Kind.VIDEO), "", f"Покупатель прислал видео: {GONE}"),
        (Inbound(Kind.VIDEO, text="вот"), "вот", f"Покупатель прислал видео: {GONE}"),
        (Inbound(Kind.FILE), "", f"Покупатель прислал файл: {GONE}"),
        (
            Inbound(Kind.UNKNOWN, type_name="hologram"),
            "",
            f"Покупатель прислал сообщение неизвестного вида «hologram»: {GONE}",
        ),
        (
            Inbound(Kind.UNKNOWN, type_name="hologram", text="Смотрите"),
            "Смотрите",
            "(сообщение неизвестного вида «hologram»; всё ли в нём текст, видно в чате на Avito)",
        ),
    ],
)
def test_a_message_is_told_in_words(inbound: Inbound, said: str, told: str) -> None:
    assert inbound_wording(inbound, by_buyer=True) == Wording(said, told)
    body = stored_body(inbound)
    assert wording(inbound.kind, body, from_avito=True, by_buyer=True) == Wording(said, told)


def test_of_the_sellers_own_messages_nothing_is_said_of_the_buyer() -> None:
    assert inbound_wording(Inbound(Kind.VIDEO), by_buyer=False) == Wording(told=f"видео, {GONE}")
    assert inbound_wording(Inbound(Kind.DELETED), by_buyer=False) == Wording(told="(сообщение удалено)")
    assert inbound_wording(Inbound(Kind.CALL), by_buyer=False) == Wording(told="☎ Пропущенный звонок.")


@pytest.mark.parametrize("kind", FROM_AVITO)
@pytest.mark.parametrize("by_buyer", [False, True])
@pytest.mark.parametrize("content", [{}, {"text": "слова"}])
def test_nothing_that_avito_brings_is_silent(kind: Kind, by_buyer: bool, content: dict[str, object]) -> None:
    """Even without any content; and a text that comes with a message of any kind is shown."""
    type_name = "appCall" if kind is Kind.APP_CALL else kind.value
    found = inbound_wording(read_content(type_name, content), by_buyer=by_buyer)
    assert not is_blank(found.text)
    assert kind is Kind.DELETED or str(content.get("text", "")) in found.said


@pytest.mark.parametrize("content", [{"hologram": {"text": "слова"}}, {"hologram": "слова"}, {"text": "слова"}])
def test_the_text_of_a_type_of_tomorrow_is_found(content: dict[str, object]) -> None:
    assert read_content("hologram", content).text == "слова"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text", {"text": "Да", "from_id": 5, "from_name": "Анна"}, "Да"),
        ("contact", {"text": "", "name": "Пётр", "phone": "+79000000001"}, "Пётр\n+79000000001"),
        (
            "location",
            {"text": "", "latitude": 55.7, "longitude": 37.6, "title": "Склад", "address": "Лесная, 1"},
            "Склад\nЛесная, 1\n55.7, 37.6",
        ),
        ("image", {"text": ""}, ""),
    ],
)
def test_an_answer_says_what_the_buyer_got(kind: str, body: dict[str, object], text: str) -> None:
    assert wording(kind, body, from_avito=False) == Wording(text)


def test_bodies_of_earlier_releases_are_read() -> None:
    body = {"text": "вот", "link_url": "https://a.ru", "something_else": 1}
    assert read_stored("link", body) == Inbound(Kind.LINK, text="вот", link_url="https://a.ru")
    assert read_stored("kind of tomorrow", {"text": "да"}).kind is Kind.UNKNOWN
