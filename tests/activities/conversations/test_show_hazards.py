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
    talk: ConversationSetup,
) -> None:
    going, go_on = asyncio.Event(), asyncio.Event()

    async def stalled(inner: Any, *args: Any, **kwargs: Any) -> int:
        going.set()
        await go_on.wait()
        return int(await inner(*args, **kwargs))

    for text in ("Второе", "Третье", "Четвёртое"):
        await talk.buyer(text)
    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=stalled))
    zombie = asyncio.create_task(talk.made["show"].show(talk.conversation))
    await going.wait()
    talk.build()
    await talk.show()
    go_on.set()
    await zombie
    said = await talk.said()
    assert said == ["Ещё продаётся?", f"{REPEAT_MARK}\nВторое", "Третье", "Четвёртое", "Второе"]


async def test_of_two_workers_at_once_only_one_shows_a_message_without_a_mark(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    for number in range(6):
        await talk.buyer(f"Вопрос {number}")
    await talk.show()
    talk.wait(2)
    await asyncio.gather(talk.show(), talk.show())
    talk.wait(2)
    await talk.show()
    said = await talk.said()
    for number in range(6):
        assert said.count(f"Вопрос {number}") <= 1
        assert any(f"Вопрос {number}" in one for one in said)


async def test_a_backlog_is_read_to_its_end_though_we_have_answered_in_the_middle_of_it(
    talk: ConversationSetup,
) -> None:
    texts = [f"Вопрос {number}" for number in range(70)]
    for text in texts[:40]:
        await talk.buyer(text)
    await talk.staff("Секунду")
    await talk.answer()
    for text in texts[40:]:
        await talk.buyer(text)
    await talk.show()
    assert await talk.said() == ["Ещё продаётся?", *texts]


async def test_what_was_read_is_shown_though_avito_does_not_know_the_chat_any_more(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    await talk.buyer("Второе")
    await talk.show()
    talk.wait(2)
    account = talk.sandbox.world.avito.kept.accounts[talk.user_id]
    account.chats.pop(talk.chat_id)
    standing = await talk.show()
    assert await talk.said() == ["Ещё продаётся?", "Второе"]
    assert not standing.to_show


async def test_queued_texts_that_are_repeated_fit_with_their_marks(talk: ConversationSetup) -> None:
    texts = [f"{number}{BULK}" for number in range(4)]
    texts.append("я" * (4096 - 4 * 1003 - 2))
    for text in texts:
        await talk.buyer(text)
    talk.build(per_minute=20, telegram=KillingTelegram(talk.telegram, "send_text", after=False))
    with pytest.raises(Killed):
        await talk.show()
    talk.build(per_minute=20)
    for _ in range(20):
        await talk.show()
        talk.wait(10)
    said = await talk.said()
    assert not any("не принял" in one for one in said)
    assert all(any(text in one for one in said) for text in texts[:-1])
    assert "".join(said).count("я") >= sum(text.count("я") for text in texts)


async def test_a_slow_list_still_leaves_a_turn_to_the_messages(talk: ConversationSetup) -> None:
    """Avito took longer to answer than one turn lasts."""
    from gateways.avito.client import Avito

    class Slow(Avito):
        def account(self, user_id: int, token: str, seen: Any = None) -> Any:
            account = super().account(user_id, token, seen)
            listed = account.messages

            async def messages(*args: Any, **kwargs: Any) -> Any:
                talk.wait(45)
                return await listed(*args, **kwargs)

            account.messages = messages  # type: ignore[method-assign]
            return account

    await talk.buyer("Второе")
    talk.build(avito=Slow(talk.http, talk.sandbox.url))
    await talk.show()
    assert await talk.said() == ["Ещё продаётся?", "Второе"]


async def test_strange_numbers_and_names_of_avito_hold_nobody_up(relay: ConversationSetup) -> None:
    account = relay.sandbox.world.avito.kept.accounts[relay.user_id]
    await relay.buyer("Ещё продаётся?")
    message = next(iter(account.chats[relay.chat_id].messages.values()))
    message.created = 1_900_000_000_000
    standing = await relay.show()
    assert await relay.said() == ["Ещё продаётся?"]
    assert not standing.to_show


async def test_a_late_answer_of_the_app_does_not_answer_what_came_after_it(relay: ConversationSetup) -> None:
    await relay.change_organisation(auto_reply_enabled=True)
    await relay.buyer("Ещё продаётся?")
    await relay.seller_in_app("Да")
    relay.wait(30)
    await relay.buyer("Второе")
    chat = relay.sandbox.world.avito.kept.accounts[relay.user_id].chats[relay.chat_id]
    late = next(one for one in chat.messages.values() if one.direction == "out")
    kept = dict(chat.messages)
    del chat.messages[late.id]
    assert (await relay.show()).auto_reply_at is not None
    chat.messages.clear()
    chat.messages.update(kept)
    standing = await relay.show()
    assert [row.author for row in await relay.messages()][-1] is Author.SELLER_APP
    assert standing.auto_reply_at is not None
    assert standing.unanswered
    assert standing.remind_at is not None
    assert standing.remind_at - relay.now() < timedelta(minutes=30)


async def test_a_webhook_that_woke_nobody_is_followed_all_the_same(talk: ConversationSetup) -> None:
    """It came while we were showing, and what it tells of was not in the list."""
    await talk.buyer("Второе")
    standing = await shown_while_a_webhook_comes(talk, "late")
    assert standing.to_show
    assert standing.show_at is not None
    assert standing.show_at <= talk.now()
    talk.build()
    assert not (await talk.show()).to_show


async def test_what_was_read_is_followed_though_telegram_lets_nothing_through(talk: ConversationSetup) -> None:
    """So that the next webhook relies on nothing, and wakes."""
    await hinted(talk, await talk.buyer("Второе"))
    await talk.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    assert (await talk.show()).trouble == "telegram"
    async with talk.sessions() as session:
        about = talk.conversation
        assert await AvitoHint.open_in(await session.connection(), about.account_id, about.chat_id) == []


async def test_a_late_webhook_of_what_was_read_already_asks_for_nothing(talk: ConversationSetup) -> None:
    assert not (await shown_while_a_webhook_comes(talk, await talk.buyer("Второе"))).to_show


async def hinted(talk: ConversationSetup, message_id: str) -> None:
    at, about = talk.now(), talk.conversation
    hint = AvitoHint(account_id=about.account_id, message_id=message_id, chat_id=about.chat_id, received_at=at)
    async with talk.sessions.begin() as session:
        session.add(hint)


async def shown_while_a_webhook_comes(talk: ConversationSetup, message_id: str) -> Standing:
    async def meanwhile(inner: Any, *args: Any, **kwargs: Any) -> int:
        await hinted(talk, message_id)
        return int(await inner(*args, **kwargs))

    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=meanwhile))
    standing: Standing = await talk.made["show"].show(talk.conversation)
    return standing


@pytest.mark.parametrize("after", [False, True])
async def test_a_message_is_shown_again_with_a_mark_when_the_worker_dies_while_it_is_sent(
    relay: ConversationSetup, after: bool
) -> None:
    await relay.buyer("Первое")
    await relay.show()
    await relay.buyer("Второе")
    relay.build(telegram=KillingTelegram(relay.telegram, "send_text", after=after))
    with pytest.raises(Killed):
        await relay.show()
    relay.build()
    await relay.show()
    marked = f"{REPEAT_MARK}\nВторое"
    assert await relay.said() == (["Первое", "Второе", marked] if after else ["Первое", marked])


async def test_nothing_is_lost_or_doubled_when_the_worker_dies_anywhere_while_a_topic_is_made(
    relay: ConversationSetup,
) -> None:
    await relay.buyer("Первое")
    for method in ("create_topic", "send_text", "pin"):
        relay.build(telegram=KillingTelegram(relay.telegram, method, after=True))
        with pytest.raises(Killed):
            await relay.show()
    relay.build()
    await relay.show()
    assert [row.status for row in await relay.messages()] == [Delivery.DELIVERED]
    said = [text.removeprefix(f"{REPEAT_MARK}\n") for text in await relay.said()]
    assert said[-1] == "Первое"
    assert any(one["pinned"] for one in await relay.topic())


@pytest.mark.parametrize("fault", ["dropped", "html-after"])
async def test_an_answer_that_got_lost_makes_a_marked_copy_and_loses_nothing(
    relay: ConversationSetup, fault: str
) -> None:
    await relay.buyer("Первое")
    await relay.show()
    await relay.sandbox.fault("telegram", fault, times=1, path="sendMessage")
    await relay.buyer("Второе")
    await relay.buyer("Третье")
    standing = await relay.show()
    assert await relay.said() == ["Первое", "Второе", f"{REPEAT_MARK}\nВторое", "Третье"]
    assert not standing.to_show


async def test_telegrams_wait_is_obeyed(relay: ConversationSetup) -> None:
    await relay.buyer("Первое")
    await relay.show()
    await relay.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=7)
    await relay.buyer("Второе")
    standing = await relay.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    assert standing.show_at is not None
    assert timedelta(seconds=6) < standing.show_at - relay.now() <= timedelta(seconds=7)
    before = len(relay.sandbox.calls("sendMessage"))
    await relay.show()
    assert len(relay.sandbox.calls("sendMessage")) == before
    relay.wait(8)
    await relay.show()
    assert await relay.said() == ["Первое", "Второе"]


async def test_what_was_read_is_shown_while_avito_is_away(relay: ConversationSetup) -> None:
    await relay.buyer("Первое")
    await relay.show()
    await relay.sandbox.fault("telegram", "server-error", path="sendMessage")
    await relay.buyer("Второе")
    assert (await relay.show()).trouble == "telegram"
    relay.sandbox.world.faults.clear()
    await relay.sandbox.fault("avito", "server-error")
    standing = await relay.show()
    assert (await relay.said())[-1] == f"{REPEAT_MARK}\nВторое"
    assert standing.trouble == "avito"
    assert standing.to_show
    assert standing.show_at is not None
    assert standing.show_at > relay.now()
