"""What might lose a buyer's message, show it twice, or hold up all that come after it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from activities.conversations.core.messages import Standing
from domain.conversations.topic import REPEAT_MARK
from models import AvitoHint
from models.conversations.message import Author, Delivery
from tests.activities.conversations.faulty_gateways import ChangedTelegram, Killed, KillingTelegram
from tests.conversation_setup import ConversationSetup

BULK = "я" * 1000


async def test_a_worker_that_was_taken_for_dead_shows_nothing_that_another_one_has_shown(
    conversation: ConversationSetup,
) -> None:
    going, go_on = asyncio.Event(), asyncio.Event()

    async def stalled(inner: Any, *args: Any, **kwargs: Any) -> int:
        going.set()
        await go_on.wait()
        return int(await inner(*args, **kwargs))

    for text in ("Второе", "Третье", "Четвёртое"):
        await conversation.buyer(text)
    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=stalled))
    zombie = asyncio.create_task(conversation.made["show"].show(conversation.key))
    await going.wait()
    conversation.build()
    await conversation.show()
    go_on.set()
    await zombie
    said = await conversation.said()
    assert said == ["Ещё продаётся?", f"{REPEAT_MARK}\nВторое", "Третье", "Четвёртое", "Второе"]


async def test_of_two_workers_at_once_only_one_shows_a_message_without_a_mark(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    for number in range(6):
        await conversation.buyer(f"Вопрос {number}")
    await conversation.show()
    conversation.wait(2)
    await asyncio.gather(conversation.show(), conversation.show())
    conversation.wait(2)
    await conversation.show()
    said = await conversation.said()
    for number in range(6):
        assert said.count(f"Вопрос {number}") <= 1
        assert any(f"Вопрос {number}" in one for one in said)


async def test_a_backlog_is_read_to_its_end_though_we_have_answered_in_the_middle_of_it(
    conversation: ConversationSetup,
) -> None:
    texts = [f"Вопрос {number}" for number in range(70)]
    for text in texts[:40]:
        await conversation.buyer(text)
    await conversation.staff("Секунду")
    await conversation.answer()
    for text in texts[40:]:
        await conversation.buyer(text)
    await conversation.show()
    assert await conversation.said() == ["Ещё продаётся?", *texts]


async def test_what_was_read_is_shown_though_avito_does_not_know_the_chat_any_more(
    conversation: ConversationSetup,
) -> None:
    await conversation.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    await conversation.buyer("Второе")
    await conversation.show()
    conversation.wait(2)
    account = conversation.sandbox.world.avito.kept.accounts[conversation.user_id]
    account.chats.pop(conversation.chat_id)
    standing = await conversation.show()
    assert await conversation.said() == ["Ещё продаётся?", "Второе"]
    assert not standing.to_show


async def test_queued_texts_that_are_repeated_fit_with_their_marks(conversation: ConversationSetup) -> None:
    texts = [f"{number}{BULK}" for number in range(4)]
    texts.append("я" * (4096 - 4 * 1003 - 2))
    for text in texts:
        await conversation.buyer(text)
    conversation.build(per_minute=20, telegram=KillingTelegram(conversation.telegram, "send_text", after=False))
    with pytest.raises(Killed):
        await conversation.show()
    conversation.build(per_minute=20)
    for _ in range(20):
        await conversation.show()
        conversation.wait(10)
    said = await conversation.said()
    assert not any("не принял" in one for one in said)
    assert all(any(text in one for one in said) for text in texts[:-1])
    assert "".join(said).count("я") >= sum(text.count("я") for text in texts)


async def test_a_slow_list_still_leaves_a_turn_to_the_messages(conversation: ConversationSetup) -> None:
    """Avito took longer to answer than one turn lasts."""
    from gateways.avito.client import Avito

    class Slow(Avito):
        def account(self, user_id: int, token: str, seen: Any = None) -> Any:
            account = super().account(user_id, token, seen)
            listed = account.messages

            async def messages(*args: Any, **kwargs: Any) -> Any:
                conversation.wait(45)
                return await listed(*args, **kwargs)

            account.messages = messages  # type: ignore[method-assign]
            return account

    await conversation.buyer("Второе")
    conversation.build(avito=Slow(conversation.http, conversation.sandbox.url))
    await conversation.show()
    assert await conversation.said() == ["Ещё продаётся?", "Второе"]


async def test_strange_numbers_and_names_of_avito_hold_nobody_up(new_conversation: ConversationSetup) -> None:
    account = new_conversation.sandbox.world.avito.kept.accounts[new_conversation.user_id]
    await new_conversation.buyer("Ещё продаётся?")
    message = next(iter(account.chats[new_conversation.chat_id].messages.values()))
    message.created = 1_900_000_000_000
    standing = await new_conversation.show()
    assert await new_conversation.said() == ["Ещё продаётся?"]
    assert not standing.to_show


async def test_a_late_answer_of_the_app_does_not_answer_what_came_after_it(new_conversation: ConversationSetup) -> None:
    await new_conversation.change_organisation(auto_reply_enabled=True)
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.seller_in_app("Да")
    new_conversation.wait(30)
    await new_conversation.buyer("Второе")
    chat = new_conversation.sandbox.world.avito.kept.accounts[new_conversation.user_id].chats[new_conversation.chat_id]
    late = next(one for one in chat.messages.values() if one.direction == "out")
    kept = dict(chat.messages)
    del chat.messages[late.id]
    assert (await new_conversation.show()).auto_reply_at is not None
    chat.messages.clear()
    chat.messages.update(kept)
    standing = await new_conversation.show()
    assert [row.author for row in await new_conversation.messages()][-1] is Author.SELLER_APP
    assert standing.auto_reply_at is not None
    assert standing.unanswered
    assert standing.remind_at is not None
    assert standing.remind_at - new_conversation.now() < timedelta(minutes=30)


async def test_a_webhook_that_woke_nobody_is_followed_all_the_same(conversation: ConversationSetup) -> None:
    """It came while we were showing, and what it tells of was not in the list."""
    await conversation.buyer("Второе")
    standing = await shown_while_a_webhook_comes(conversation, "late")
    assert standing.to_show
    assert standing.show_at is not None
    assert standing.show_at <= conversation.now()
    conversation.build()
    assert not (await conversation.show()).to_show


async def test_what_was_read_is_followed_though_telegram_lets_nothing_through(conversation: ConversationSetup) -> None:
    """So that the next webhook relies on nothing, and wakes."""
    await hinted(conversation, await conversation.buyer("Второе"))
    await conversation.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    assert (await conversation.show()).trouble == "telegram"
    async with conversation.sessions() as session:
        about = conversation.key
        assert await AvitoHint.open_in(await session.connection(), about.account_id, about.chat_id) == []


async def test_a_late_webhook_of_what_was_read_already_asks_for_nothing(conversation: ConversationSetup) -> None:
    assert not (await shown_while_a_webhook_comes(conversation, await conversation.buyer("Второе"))).to_show


async def hinted(conversation: ConversationSetup, message_id: str) -> None:
    at, about = conversation.now(), conversation.key
    hint = AvitoHint(account_id=about.account_id, message_id=message_id, chat_id=about.chat_id, received_at=at)
    async with conversation.sessions.begin() as session:
        session.add(hint)


async def shown_while_a_webhook_comes(conversation: ConversationSetup, message_id: str) -> Standing:
    async def meanwhile(inner: Any, *args: Any, **kwargs: Any) -> int:
        await hinted(conversation, message_id)
        return int(await inner(*args, **kwargs))

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=meanwhile))
    standing: Standing = await conversation.made["show"].show(conversation.key)
    return standing


@pytest.mark.parametrize("after", [False, True])
async def test_a_message_is_shown_again_with_a_mark_when_the_worker_dies_while_it_is_sent(
    new_conversation: ConversationSetup, after: bool
) -> None:
    await new_conversation.buyer("Первое")
    await new_conversation.show()
    await new_conversation.buyer("Второе")
    new_conversation.build(telegram=KillingTelegram(new_conversation.telegram, "send_text", after=after))
    with pytest.raises(Killed):
        await new_conversation.show()
    new_conversation.build()
    await new_conversation.show()
    marked = f"{REPEAT_MARK}\nВторое"
    assert await new_conversation.said() == (["Первое", "Второе", marked] if after else ["Первое", marked])


async def test_nothing_is_lost_or_doubled_when_the_worker_dies_anywhere_while_a_topic_is_made(
    new_conversation: ConversationSetup,
) -> None:
    await new_conversation.buyer("Первое")
    for method in ("create_topic", "send_text", "pin"):
        new_conversation.build(telegram=KillingTelegram(new_conversation.telegram, method, after=True))
        with pytest.raises(Killed):
            await new_conversation.show()
    new_conversation.build()
    await new_conversation.show()
    assert [row.status for row in await new_conversation.messages()] == [Delivery.DELIVERED]
    said = [text.removeprefix(f"{REPEAT_MARK}\n") for text in await new_conversation.said()]
    assert said[-1] == "Первое"
    assert any(one["pinned"] for one in await new_conversation.topic())


@pytest.mark.parametrize("fault", ["dropped", "html-after"])
async def test_an_answer_that_got_lost_makes_a_marked_copy_and_loses_nothing(
    new_conversation: ConversationSetup, fault: str
) -> None:
    await new_conversation.buyer("Первое")
    await new_conversation.show()
    await new_conversation.sandbox.fault("telegram", fault, times=1, path="sendMessage")
    await new_conversation.buyer("Второе")
    await new_conversation.buyer("Третье")
    standing = await new_conversation.show()
    assert await new_conversation.said() == ["Первое", "Второе", f"{REPEAT_MARK}\nВторое", "Третье"]
    assert not standing.to_show


async def test_telegrams_wait_is_obeyed(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Первое")
    await new_conversation.show()
    await new_conversation.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=7)
    await new_conversation.buyer("Второе")
    standing = await new_conversation.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    assert standing.show_at is not None
    assert timedelta(seconds=6) < standing.show_at - new_conversation.now() <= timedelta(seconds=7)
    before = len(new_conversation.sandbox.calls("sendMessage"))
    await new_conversation.show()
    assert len(new_conversation.sandbox.calls("sendMessage")) == before
    new_conversation.wait(8)
    await new_conversation.show()
    assert await new_conversation.said() == ["Первое", "Второе"]


async def test_what_was_read_is_shown_while_avito_is_away(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Первое")
    await new_conversation.show()
    await new_conversation.sandbox.fault("telegram", "server-error", path="sendMessage")
    await new_conversation.buyer("Второе")
    assert (await new_conversation.show()).trouble == "telegram"
    new_conversation.sandbox.world.faults.clear()
    await new_conversation.sandbox.fault("avito", "server-error")
    standing = await new_conversation.show()
    assert (await new_conversation.said())[-1] == f"{REPEAT_MARK}\nВторое"
    assert standing.trouble == "avito"
    assert standing.to_show
    assert standing.show_at is not None
    assert standing.show_at > new_conversation.now()
