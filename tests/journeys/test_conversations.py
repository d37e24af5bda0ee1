"""The first minutes of a shop: connected, answered, answered by itself, closed, reopened, retried, taken home."""

import csv
import io
from typing import Any

import pytest

from tests.journeys import stored_data
from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation, is_card, text_of, texts
from tests.journeys.http_callers import good
from tests.journeys.product import Product, eventually
from tests.journeys.sandbox_client import SandboxClient
from workflows.channels.start import account_id, bot_id
from workflows.conversations.start import conversation_id

HELLO = "Здравствуйте! Велосипед ещё продаётся?"
THANKS = "Спасибо за сообщение, скоро ответим!"
UNREAD = {"text": HELLO, "is_read": False, "seconds_ago": 600}
READ = {"text": "Спасибо, до встречи", "is_read": True, "seconds_ago": 86_400}
AUTO = {
    "auto_reply_enabled": True,
    "auto_reply_always": True,
    "auto_reply_timezone": "Europe/Moscow",
    "auto_reply_text": THANKS,
    "auto_reply_delay_seconds": 2,
}


async def test_two_unread_chats_become_topics_with_a_pinned_card(shop: ConnectedOrganisation) -> None:
    talks = [await shop.chat("Ольга", UNREAD), await shop.chat("Дмитрий", UNREAD)]
    await shop.chat("Давний знакомый", READ)
    await shop.connect()
    for talk in talks:
        await talk.shows(HELLO)
        topic = await talk.topic()
        assert topic["name"].startswith(f"Велосипед Stels Navigator 500 · {talk.buyer} · №")
        [card] = [post for post in topic["messages"] if post["by_bot"] and is_card(post)]
        assert card["pinned"]
        for words in ("Велосипед Stels Navigator 500", "12 500 ₽", "Тула", "https://avito.ru/", talk.buyer):
            assert words in text_of(card)
    await shop.settled()
    await shop.swept()
    assert {one["title"] for one in await shop.dialogs()} == {"Велосипед Stels Navigator 500"}
    assert len(await shop.topics()) == len(talks)
    assert [len(await talk.posts()) for talk in talks] == [1, 1]
    account = await shop.outside.account(shop.user_id)
    assert [talk.chat_in(account)["unread"] for talk in talks] == [0, 0]


async def test_an_answer_in_the_topic_reaches_the_buyer_and_says_how_far_it_came(shop: ConnectedOrganisation) -> None:
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("Торг уместен?")
    await talk.shows("Торг уместен?")
    number = await talk.writes("Да, приезжайте")
    await talk.gets("Да, приезжайте")

    async def reaction() -> Any:
        [own] = [post for post in (await talk.topic())["messages"] if post["message_id"] == number]
        return own["reactions"]

    async def taken() -> bool:
        return bool(await reaction() == ["👌"])

    await eventually(taken, "the answer is marked as taken")
    await talk.reads()
    await talk.says("Еду")

    async def seen() -> bool:
        return bool(await reaction() == ["👀"])

    await eventually(seen, "the answer is marked as read")
    detail = await talk.detail()
    told = [(one["direction"], one["body"], one["status"]) for one in detail["messages"]]
    assert told == [
        ("avito", "Торг уместен?", "delivered"),
        ("telegram", "Да, приезжайте", "delivered"),
        ("avito", "Еду", "delivered"),
    ]


async def test_a_buyer_whom_nobody_answers_is_answered_once_by_itself(shop: ConnectedOrganisation) -> None:
    await shop.change(**AUTO)
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("Кто-нибудь есть?")
    await talk.gets(THANKS)
    await talk.shows(f"Автоответ: {THANKS}")
    await talk.says("Ау!")
    await talk.shows("Ау!")
    await shop.settled()
    await shop.swept()
    assert [one["text"] for one in await talk.received()] == [THANKS]
    assert [one["is_auto_reply"] for one in (await talk.detail())["messages"]] == [False, True, False]
    assert (await talk.dialog())["auto_reply_last_sent_at"] is not None


@pytest.mark.parametrize("where", ["in the topic", "in Avito's own application"])
async def test_a_persons_answer_cancels_the_automatic_one(shop: ConnectedOrganisation, where: str) -> None:
    await shop.change(**{**AUTO, "auto_reply_delay_seconds": 5})
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("Кто-нибудь есть?")
    await talk.shows("Кто-нибудь есть?")
    if where == "in the topic":
        await talk.writes("Я здесь")
        await talk.gets("Я здесь")
    else:
        await talk.says_from_app("Я здесь")
        await talk.shows("Ответ из приложения Avito: Я здесь")

    async def no_more_due() -> bool:
        query = "SELECT count(*) FROM dialogs WHERE avito_account_id = $1 AND auto_reply_due_at IS NOT NULL"
        return not await shop.product.value(query, shop.account["id"])

    await eventually(no_more_due, "no auto-reply is due")
    await shop.settled()
    assert [one["text"] for one in await talk.received()] == (["Я здесь"] if where == "in the topic" else [])


async def test_a_dialog_is_answered_closed_and_opened_again_from_the_web(shop: ConnectedOrganisation) -> None:
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("Здравствуйте")
    await talk.shows("Здравствуйте")
    dialog = await talk.dialog()
    path = f"/api/dialogs/{dialog['id']}"
    sent = good(await shop.office.ask("POST", f"{path}/messages", {"text": "Ответ с сайта"}), 201)
    assert sent["status"] == "pending"
    await talk.gets("Ответ с сайта")
    await talk.shows("Ответ (Анна): Ответ с сайта")
    assert good(await shop.office.ask("POST", f"{path}/close"))["state"] == "closed"
    await eventually(lambda: is_closed(talk, True), "the topic is closed")
    await talk.says("А можно ещё вопрос?")
    await talk.shows("А можно ещё вопрос?")
    await eventually(lambda: is_closed(talk, False), "the topic is open")
    assert (await talk.dialog())["state"] == "active"
    good(await shop.office.ask("POST", f"{path}/close"))
    assert good(await shop.office.ask("POST", f"{path}/reopen"))["state"] == "active"
    assert [one["state"] for one in await shop.dialogs(state="active", q="stels")] == ["active"]


async def is_closed(talk: BuyerChat, closed: bool) -> bool:
    return (await talk.topic())["closed"] is closed


async def test_an_answer_of_ours_hides_no_message_of_the_buyer_whose_webhook_was_lost(
    shop: ConnectedOrganisation, outside: SandboxClient
) -> None:
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("Здравствуйте")
    await talk.shows("Здравствуйте")
    path = f"/api/dialogs/{(await talk.dialog())['id']}/messages"
    await shop.settled()
    await outside.break_("avito", "lost-hooks", path=f"{shop.user_id}")
    await talk.says("И ещё вопрос")
    good(await shop.office.ask("POST", path, {"text": "Слушаю вас"}), 201)
    await talk.gets("Слушаю вас")
    await talk.shows("И ещё вопрос")
    await shop.settled()
    await shop.swept()
    shown = [one for one in texts(await talk.posts()) if not one.startswith("Ответ")]
    assert shown == ["Здравствуйте", "И ещё вопрос"]


async def test_the_whole_dialog_is_taken_home_as_json_and_csv(shop: ConnectedOrganisation) -> None:
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("=1+1; «цена»?")
    await talk.shows("=1+1")
    await talk.writes("12 500")
    await talk.gets("12 500")
    await shop.settled()
    path = f"/api/dialogs/{(await talk.dialog())['id']}/export"
    whole = good(await shop.office.ask("GET", path, params={"format": "json"}))
    assert [one["body"] for one in whole["messages"]] == ["=1+1; «цена»?", "12 500"]
    table = await shop.office.ask("GET", path, params={"format": "csv"})
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff")), delimiter=";"))
    assert [row[1:3] for row in rows[1:]] == [["Покупатель", "'=1+1; «цена»?"], ["Сотрудник", "12 500"]]


async def test_everything_that_was_done_is_to_be_seen_in_the_workflows(
    product: Product, shop: ConnectedOrganisation
) -> None:
    await shop.change(**AUTO)
    await shop.connect()
    talk = await shop.chat("Ольга")
    await talk.says("Здравствуйте")
    await talk.gets(THANKS)
    await talk.writes("Я здесь")
    await talk.gets("Я здесь")
    await shop.settled()
    account = shop.account["id"]
    done = await stored_data.activities_of(product, conversation_id(account, talk.chat_id))
    assert {"show", "answer", "auto_reply"} <= done
    assert {"keep_account", "sweep_account"} <= await stored_data.activities_of(product, account_id(account))
    assert await stored_data.activities_of(product, bot_id(shop.bot["id"]))
