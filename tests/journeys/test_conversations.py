"""The first minutes of a shop: connected, answered, answered by itself, closed, reopened, retried, taken home."""

import csv
import io
from typing import Any

import pytest

from tests.journeys import stored_data
from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation, by_buyer, is_card, text_of, texts
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


async def test_two_unread_chats_become_topics_with_a_pinned_card(organisation: ConnectedOrganisation) -> None:
    talks = [await organisation.chat("Ольга", UNREAD), await organisation.chat("Дмитрий", UNREAD)]
    await organisation.chat("Давний знакомый", READ)
    await organisation.connect()
    for chat in talks:
        await chat.shows(HELLO)
        topic = await chat.topic()
        assert topic["name"].startswith(f"Велосипед Stels Navigator 500 · {chat.buyer} · №")
        [card] = [post for post in topic["messages"] if post["by_bot"] and is_card(post)]
        assert card["pinned"]
        for words in ("Велосипед Stels Navigator 500", "12 500 ₽", "Тула", "https://avito.ru/", chat.buyer):
            assert words in text_of(card)
    await organisation.settled()
    await organisation.swept()
    assert {one["title"] for one in await organisation.dialogs()} == {"Велосипед Stels Navigator 500"}
    assert len(await organisation.topics()) == len(talks)
    assert [len(await chat.posts()) for chat in talks] == [1, 1]
    account = await organisation.sandbox_client.account(organisation.user_id)
    assert [chat.chat_in(account)["unread"] for chat in talks] == [0, 0]


async def test_an_answer_in_the_topic_reaches_the_buyer_and_says_how_far_it_came(
    organisation: ConnectedOrganisation,
) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Торг уместен?")
    await chat.shows("Торг уместен?")
    number = await chat.writes("Да, приезжайте")
    await chat.gets("Да, приезжайте")

    async def reaction() -> Any:
        [own] = [post for post in (await chat.topic())["messages"] if post["message_id"] == number]
        return own["reactions"]

    async def taken() -> bool:
        return bool(await reaction() == ["👌"])

    await eventually(taken, "the answer is marked as taken")
    await chat.reads()
    await chat.says("Еду")

    async def seen() -> bool:
        return bool(await reaction() == ["👀"])

    await eventually(seen, "the answer is marked as read")
    detail = await chat.detail()
    told = [(one["direction"], one["body"], one["status"]) for one in detail["messages"]]
    assert told == [
        ("avito", "Торг уместен?", "delivered"),
        ("telegram", "Да, приезжайте", "delivered"),
        ("avito", "Еду", "delivered"),
    ]


async def test_a_buyer_whom_nobody_answers_is_answered_once_by_itself(organisation: ConnectedOrganisation) -> None:
    await organisation.change(**AUTO)
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Кто-нибудь есть?")
    await chat.gets(THANKS)
    await chat.shows(f"Автоответ: {THANKS}")
    await chat.says("Ау!")
    await chat.shows("Ау!")
    await organisation.settled()
    await organisation.swept()
    assert [one["text"] for one in await chat.received()] == [THANKS]
    assert [one["is_auto_reply"] for one in (await chat.detail())["messages"]] == [False, True, False]
    assert (await chat.dialog())["auto_reply_last_sent_at"] is not None


@pytest.mark.parametrize("where", ["in the topic", "in Avito's own application"])
async def test_a_persons_answer_cancels_the_automatic_one(organisation: ConnectedOrganisation, where: str) -> None:
    await organisation.change(**{**AUTO, "auto_reply_delay_seconds": 5})
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Кто-нибудь есть?")
    await chat.shows("Кто-нибудь есть?")
    if where == "in the topic":
        await chat.writes("Я здесь")
        await chat.gets("Я здесь")
    else:
        await chat.says_from_app("Я здесь")
        await chat.shows("Ответ из приложения Avito: Я здесь")

    async def no_more_due() -> bool:
        query = "SELECT count(*) FROM dialogs WHERE avito_account_id = $1 AND auto_reply_due_at IS NOT NULL"
        return not await organisation.product.value(query, organisation.account["id"])

    await eventually(no_more_due, "no auto-reply is due")
    await organisation.settled()
    assert [one["text"] for one in await chat.received()] == (["Я здесь"] if where == "in the topic" else [])


async def test_a_dialog_is_answered_closed_and_opened_again_from_the_web(organisation: ConnectedOrganisation) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Здравствуйте")
    await chat.shows("Здравствуйте")
    dialog = await chat.dialog()
    path = f"/api/dialogs/{dialog['id']}"
    sent = good(await organisation.manager_app.ask("POST", f"{path}/messages", {"text": "Ответ с сайта"}), 201)
    assert sent["status"] == "pending"
    await chat.gets("Ответ с сайта")
    await chat.shows("Ответ (Анна): Ответ с сайта")
    assert good(await organisation.manager_app.ask("POST", f"{path}/close"))["state"] == "closed"
    await eventually(lambda: is_closed(chat, True), "the topic is closed")
    await chat.says("А можно ещё вопрос?")
    await chat.shows("А можно ещё вопрос?")
    await eventually(lambda: is_closed(chat, False), "the topic is open")
    assert (await chat.dialog())["state"] == "active"
    good(await organisation.manager_app.ask("POST", f"{path}/close"))
    assert good(await organisation.manager_app.ask("POST", f"{path}/reopen"))["state"] == "active"
    assert [one["state"] for one in await organisation.dialogs(state="active", q="stels")] == ["active"]


async def is_closed(chat: BuyerChat, closed: bool) -> bool:
    return (await chat.topic())["closed"] is closed


async def test_an_answer_of_ours_hides_no_message_of_the_buyer_whose_webhook_was_lost(
    organisation: ConnectedOrganisation, sandbox_client: SandboxClient
) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Здравствуйте")
    await chat.shows("Здравствуйте")
    path = f"/api/dialogs/{(await chat.dialog())['id']}/messages"
    await organisation.settled()
    await sandbox_client.break_("avito", "lost-hooks", path=f"{organisation.user_id}")
    await chat.says("И ещё вопрос")
    good(await organisation.manager_app.ask("POST", path, {"text": "Слушаю вас"}), 201)
    await chat.gets("Слушаю вас")
    await chat.shows("И ещё вопрос")
    await organisation.settled()
    await organisation.swept()
    shown = [one for one in texts(await chat.posts()) if not one.startswith("Ответ")]
    assert shown == by_buyer("Здравствуйте", "И ещё вопрос")


async def test_the_whole_dialog_is_taken_home_as_json_and_csv(organisation: ConnectedOrganisation) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("=1+1; «цена»?")
    await chat.shows("=1+1")
    await chat.writes("12 500")
    await chat.gets("12 500")
    await organisation.settled()
    path = f"/api/dialogs/{(await chat.dialog())['id']}/export"
    whole = good(await organisation.manager_app.ask("GET", path, params={"format": "json"}))
    assert [one["body"] for one in whole["messages"]] == ["=1+1; «цена»?", "12 500"]
    table = await organisation.manager_app.ask("GET", path, params={"format": "csv"})
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff")), delimiter=";"))
    assert [row[1:3] for row in rows[1:]] == [["Покупатель", "'=1+1; «цена»?"], ["Сотрудник", "12 500"]]


async def test_everything_that_was_done_is_to_be_seen_in_the_workflows(
    product: Product, organisation: ConnectedOrganisation
) -> None:
    await organisation.change(**AUTO)
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Здравствуйте")
    await chat.gets(THANKS)
    await chat.writes("Я здесь")
    await chat.gets("Я здесь")
    await organisation.settled()
    account = organisation.account["id"]
    done = await stored_data.activities_of(product, conversation_id(account, chat.chat_id))
    assert {"show", "answer", "auto_reply"} <= done
    assert {"keep_account", "sweep_account"} <= await stored_data.activities_of(product, account_id(account))
    assert await stored_data.activities_of(product, bot_id(organisation.bot["id"]))
