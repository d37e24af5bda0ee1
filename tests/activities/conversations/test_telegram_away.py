"""Telegram out of reach for hours: Avito's side goes on, few calls are made, and all comes once and in order."""

from datetime import timedelta

import pytest

from activities.conversations.core.messages import Conversation
from activities.conversations.core.reply import queue_reply
from domain.conversations.topic import REPEAT_MARK
from models import Bot, Manager
from models.channels.bot import BotStatus
from models.conversations.dialog_list import Wanted, list_dialogs
from models.conversations.message import Author, Delivery
from models.people.organisation import FIRST
from tests import factories
from tests.conversation_setup import ConversationSetup


async def leaves(conversation: ConversationSetup, fault: str = "server-error") -> None:
    await conversation.sandbox.fault("telegram", fault)


async def returns(conversation: ConversationSetup) -> None:
    conversation.sandbox.world.faults.clear()
    conversation.wait(75)


async def bot_of(conversation: ConversationSetup) -> Bot:
    async with conversation.sessions() as session:
        return await session.get_one(Bot, conversation.bot_id)


async def app_replies(conversation: ConversationSetup, text: str) -> None:
    staff: Manager = await factories.make_manager(conversation.sessions)
    dialog = await conversation.dialog()
    async with conversation.sessions.begin() as session:
        await queue_reply(session, conversation.keyring, staff, dialog.id, text, conversation.now())


async def stuck(conversation: ConversationSetup) -> int:
    async with conversation.sessions() as session:
        late = conversation.now() - timedelta(minutes=1)
        return len(await list_dialogs(session, Wanted(FIRST, stuck=True, late=late), None, 10))


@pytest.mark.parametrize("fault", ["server-error", "html"])
async def test_hours_without_telegram_lose_and_double_nothing(conversation: ConversationSetup, fault: str) -> None:
    assert await stuck(conversation) == 0
    await leaves(conversation, fault)
    for hour in range(3):
        await conversation.buyer(f"Вопрос {hour}")
        assert (await conversation.show(5)).to_show
        conversation.wait(3600)
    rows = await conversation.messages()
    assert [conversation.body(row)["text"] for row in rows if row.author is Author.BUYER][-1] == "Вопрос 2"
    bot = await bot_of(conversation)
    assert (bot.status, bot.status_reason) == (BotStatus.ACTIVE, None)
    assert bot.failing_since is not None
    assert await stuck(conversation) == 1
    await returns(conversation)
    assert not (await conversation.show(5)).to_show
    said = await conversation.said()
    assert said[0] == "Ещё продаётся?"
    # The first one was on its way when Telegram fell silent.
    assert [line.removeprefix(f"{REPEAT_MARK}\n") for line in said[1:]] == ["Вопрос 0", "Вопрос 1", "Вопрос 2"]
    assert not any(line.startswith(REPEAT_MARK) for line in said[2:])
    assert (await bot_of(conversation)).failing_since is None
    assert await stuck(conversation) == 0


async def test_the_group_is_told_once_how_long_it_lasted(conversation: ConversationSetup) -> None:
    async def general() -> list[str]:
        shown = await conversation.sandbox.get(f"/groups/{conversation.group}")
        return [one["text"] for one in shown["general"] if one["by_bot"]]

    await leaves(conversation)
    await conversation.buyer("Второе")
    await conversation.show()
    conversation.wait(2 * 3600)
    await returns(conversation)
    for _ in range(3):
        await conversation.buyer("Ещё")
        await conversation.show(1)
    told = await general()
    assert len(told) == 1
    assert told[0].startswith("Telegram не отвечал 2 ч 1 мин.")


async def test_replies_from_the_app_do_not_wait_for_the_topic(conversation: ConversationSetup) -> None:
    await leaves(conversation)
    await conversation.buyer("Второе")
    await conversation.show()
    await app_replies(conversation, "Да, продаётся")
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да, продаётся"]
    # The lag of the topic is no failure of the answers: it would slow them down and give up their pictures.
    assert (standing.to_send, standing.to_show, standing.trouble) == (False, True, None)
    await returns(conversation)
    await conversation.show(1)
    assert [line.splitlines()[-1] for line in await conversation.said()][-1].endswith("Да, продаётся")
    assert len(conversation.sent_to_buyer()) == 1


async def test_a_reply_goes_to_the_buyer_before_a_topic_that_lags_is_tried(conversation: ConversationSetup) -> None:
    await leaves(conversation)
    await conversation.buyer("Второе")
    await conversation.show()
    await app_replies(conversation, "Да")
    conversation.wait(3600)
    conversation.sandbox.world.journal.clear()
    await conversation.answer()
    calls = [(call["side"], call["method"]) for call in conversation.sandbox.world.journal.view()]
    sent = next(number for number, (side, method) in enumerate(calls) if side == "avito" and method == "POST")
    assert all(side == "avito" for side, _ in calls[: sent + 1])


async def test_an_app_reply_passes_a_picture_that_telegram_does_not_give(conversation: ConversationSetup) -> None:
    await conversation.staff(kind="photo", caption="Вот")
    await leaves(conversation)
    await app_replies(conversation, "Отвечаю с сайта")
    standing = await conversation.answer()
    assert "Отвечаю с сайта" in conversation.sent_to_buyer()
    assert standing.to_send
    await returns(conversation)
    await conversation.answer()
    assert conversation.sent_to_buyer()[-1] == "[image]"


async def test_auto_replies_and_deadlines_go_on(conversation: ConversationSetup) -> None:
    await conversation.change_organisation(
        auto_reply_enabled=True,
        auto_reply_always=True,
        auto_reply_timezone="Europe/Moscow",
        auto_reply_delay_seconds=75,
        auto_reply_text="Мы скоро ответим",
        unanswered_minutes=5,
    )
    await leaves(conversation)
    await conversation.buyer("Есть кто?")
    standing = await conversation.show()
    assert standing.auto_reply_at is not None
    conversation.wait(76)
    await conversation.auto_reply()
    assert conversation.sent_to_buyer() == ["Мы скоро ответим"]
    conversation.wait(300)
    await conversation.remind()
    await returns(conversation)
    await conversation.show(1)
    said = [line.splitlines()[-1] for line in await conversation.said()]
    assert "Есть кто?" in said
    assert any("Покупатель ждёт ответа" in line for line in said)


async def test_many_waiting_dialogs_make_few_calls_and_leave_avito_alone(conversation: ConversationSetup) -> None:
    await leaves(conversation)
    await conversation.buyer("Второе")
    await conversation.show()
    conversation.wait(3600)
    conversation.sandbox.world.journal.clear()
    again = Conversation(conversation.account_id, conversation.chat_id, 3, is_read=True)
    for _ in range(100):
        standing = await conversation.made["show"].show(again)
        assert standing.show_at is not None
        assert standing.show_at - conversation.now() > timedelta(seconds=30)
    calls = conversation.sandbox.world.journal.view()
    assert [call["side"] for call in calls] == ["telegram"]


async def test_news_of_the_buyer_is_read_while_telegram_is_away(conversation: ConversationSetup) -> None:
    await leaves(conversation)
    await conversation.buyer("Второе")
    await conversation.show()
    await conversation.buyer("Третье")
    await conversation.show()
    row = (await conversation.messages())[-1]
    assert (conversation.body(row)["text"], row.status) == ("Третье", Delivery.PENDING)


async def test_single_faults_do_not_shut_the_gate(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("telegram", "server-error", times=1, path="sendMessage")
    await conversation.buyer("Второе")
    assert not (await conversation.show()).to_show
    assert (await bot_of(conversation)).failing_since is None
