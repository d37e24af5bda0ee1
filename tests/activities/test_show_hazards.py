"""What might lose a buyer's message, show it twice, or hold up all that come after it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.conversation import REPEAT_MARK
from gateways.outcome import Rejected, Unknown
from gateways.telegram import TelegramApi
from gateways.telegram_shapes import TopicClosed, TopicGone
from models import AvitoHint, Copy, Dialog
from models.message import Author, Delivery
from tests.activities.kills import DeadlyTelegram, Killed
from tests.activities.relay_desk import RelayDesk

BULK = "я" * 1000


class Telegram:
    """Telegram with methods of its own; `inner` is the true one for them to call."""

    def __init__(self, inner: TelegramApi, **methods: Any) -> None:
        self._inner, self._methods = inner, methods

    def bot(self, token: str) -> Any:
        bot = self._inner.bot(token)
        for name, method in self._methods.items():
            inner = getattr(bot, name)
            setattr(bot, name, lambda *args, _m=method, _i=inner, **kwargs: _m(_i, *args, **kwargs))
        return bot


@pytest.fixture
async def talk(relay: RelayDesk) -> RelayDesk:
    await relay.buyer("Первое")
    await relay.show()
    return relay


async def test_a_worker_that_was_taken_for_dead_shows_nothing_that_another_one_has_shown(talk: RelayDesk) -> None:
    going, go_on = asyncio.Event(), asyncio.Event()

    async def stalled(inner: Any, *args: Any, **kwargs: Any) -> int:
        going.set()
        await go_on.wait()
        return int(await inner(*args, **kwargs))

    for text in ("Второе", "Третье", "Четвёртое"):
        await talk.buyer(text)
    talk.build(telegram=Telegram(talk.telegram, send_text=stalled))
    zombie = asyncio.create_task(talk.made["show"].show(talk.conversation))
    await going.wait()
    talk.build()
    await talk.show()
    go_on.set()
    await zombie
    said = await talk.said()
    assert said == ["Первое", f"{REPEAT_MARK}\nВторое", "Третье", "Четвёртое", "Второе"]


async def test_of_two_workers_at_once_only_one_shows_a_message_without_a_mark(talk: RelayDesk) -> None:
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


async def test_a_backlog_is_read_to_its_end_though_we_have_answered_in_the_middle_of_it(talk: RelayDesk) -> None:
    texts = [f"Вопрос {number}" for number in range(70)]
    for text in texts[:40]:
        await talk.buyer(text)
    await talk.staff("Секунду")
    await talk.answer()
    for text in texts[40:]:
        await talk.buyer(text)
    await talk.show()
    assert "\n\n".join(await talk.said()) == "\n\n".join(["Первое", *texts])


async def test_what_was_read_is_shown_though_avito_does_not_know_the_chat_any_more(talk: RelayDesk) -> None:
    await talk.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    await talk.buyer("Второе")
    await talk.show()
    talk.wait(2)
    account = talk.sandbox.world.avito.kept.accounts[talk.user_id]
    account.chats.pop(talk.chat_id)
    standing = await talk.show()
    assert await talk.said() == ["Первое", "Второе"]
    assert not standing.to_show


async def test_a_page_of_a_proxy_instead_of_telegram_loses_no_message(talk: RelayDesk) -> None:
    async def censored(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Rejected(451, "not an answer of the Bot API")

    talk.build(telegram=Telegram(talk.telegram, send_text=censored))
    await talk.buyer("Второе")
    standing = await talk.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    talk.build()
    await talk.show()
    assert (await talk.said())[-1].endswith("Второе")


async def test_a_group_that_takes_no_words_at_all_keeps_the_messages_waiting(talk: RelayDesk) -> None:
    async def mute(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Rejected(400, "Bad Request: PEER_FLOOD")

    talk.build(telegram=Telegram(talk.telegram, send_text=mute))
    await talk.buyer("Второе")
    assert (await talk.show()).to_show
    talk.build()
    await talk.show()
    assert (await talk.said())[-1].endswith("Второе")


async def test_a_message_that_telegram_does_not_take_is_told_of_and_holds_nobody_up(talk: RelayDesk) -> None:
    async def choosy(inner: Any, place: Any, text: str, **kwargs: Any) -> int:
        if text == "Второе":
            raise Rejected(400, "Bad Request: text is improper")
        return int(await inner(place, text, **kwargs))

    talk.build(telegram=Telegram(talk.telegram, send_text=choosy))
    await talk.buyer("Второе")
    await talk.buyer("Третье")
    standing = await talk.show()
    assert "text is improper" in (await talk.said())[1]
    assert (await talk.said())[2] == "Третье"
    assert not standing.to_show


async def test_queued_texts_that_are_repeated_fit_with_their_marks(talk: RelayDesk) -> None:
    texts = [f"{number}{BULK}" for number in range(4)]
    texts.append("я" * (4096 - 4 * 1003 - 2))
    for text in texts:
        await talk.buyer(text)
    talk.build(per_minute=20, telegram=DeadlyTelegram(talk.telegram, "send_text", after=False))
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


async def test_a_file_that_never_gets_through_is_told_of_at_last(talk: RelayDesk) -> None:
    async def slow(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    talk.build(telegram=Telegram(talk.telegram, send_photo=slow))
    await talk.buyer(type="image")
    await talk.buyer("Видно?")
    for tries in range(8):
        standing = await talk.show(tries)
    said = await talk.said()
    assert said[-1] == "Видно?"
    assert "изображение" in said[-2]
    assert not standing.to_show


async def test_a_picture_waits_for_telegram_and_is_not_given_up_in_an_outage(talk: RelayDesk) -> None:
    async def away(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    talk.build(telegram=Telegram(talk.telegram, send_photo=away, send_text=away))
    await talk.buyer(type="image")
    for tries in range(8):
        assert (await talk.show(tries)).to_show
    talk.build()
    await talk.show()
    assert [one["kind"] for one in (await talk.topic())[2:]] == ["photo"]


@pytest.mark.parametrize("refusal", [TopicGone(400, "message thread not found"), Rejected(400, "no")])
async def test_a_card_that_cannot_stand_is_not_tried_for_ever(relay: RelayDesk, refusal: Rejected) -> None:
    """Messages come first, so the topic may be gone before the card's turn."""

    async def gone(inner: Any, place: Any, text: str, **kwargs: Any) -> int:
        if "Велосипед" in text:
            raise refusal
        return int(await inner(place, text, **kwargs))

    relay.build(telegram=Telegram(relay.telegram, send_text=gone))
    await relay.buyer("Первое")
    for _ in range(3):
        standing = await relay.show()
        relay.wait(61)
    assert not standing.to_show
    assert (await relay.messages())[0].status is Delivery.DELIVERED


async def test_a_card_waits_for_a_closed_topic_without_asking(talk: RelayDesk) -> None:
    async def closed(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise TopicClosed(400, "TOPIC_CLOSED")

    async with talk.sessions.begin() as session:
        dialog = (await session.exec(select(Dialog))).one()
        dialog.card_pinned, dialog.card_message_id = False, None
    await talk.change("close")
    talk.build(telegram=Telegram(talk.telegram, send_text=closed))
    await talk.show()
    assert not (await talk.show()).to_show


async def test_a_number_that_telegram_gives_again_in_a_moved_group_holds_nobody_up(talk: RelayDesk) -> None:
    await talk.buyer("Второе")
    await talk.show()
    last = (await talk.topic())[-1]["message_id"]
    async with talk.sessions.begin() as session:
        copy = (await session.exec(select(Copy).where(col(Copy.telegram_message_id) == last))).one()
        session.add(
            Copy(
                chat_id=copy.chat_id,
                telegram_message_id=last + 1,
                dialog_id=copy.dialog_id,
                message_id=copy.message_id,
            )
        )
    await talk.buyer("Третье")
    standing = await talk.show()
    assert await talk.said() == ["Первое", "Второе", "Третье"]
    assert not standing.to_show


async def test_a_slow_list_still_leaves_a_turn_to_the_messages(talk: RelayDesk) -> None:
    """Avito took longer to answer than one turn lasts."""
    from gateways.avito import Avito

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
    assert await talk.said() == ["Первое", "Второе"]


async def test_strange_numbers_and_names_of_avito_hold_nobody_up(relay: RelayDesk) -> None:
    account = relay.sandbox.world.avito.kept.accounts[relay.user_id]
    await relay.buyer("Первое")
    message = next(iter(account.chats[relay.chat_id].messages.values()))
    message.created = 1_900_000_000_000
    standing = await relay.show()
    assert await relay.said() == ["Первое"]
    assert not standing.to_show


async def test_a_late_answer_of_the_app_does_not_answer_what_came_after_it(relay: RelayDesk) -> None:
    await relay.change_organisation(auto_reply_enabled=True)
    await relay.buyer("Первое")
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


async def test_a_webhook_that_woke_nobody_is_followed_all_the_same(talk: RelayDesk) -> None:
    """It came while we were reading, and met an earlier one that was open still."""

    async def meanwhile(inner: Any, *args: Any, **kwargs: Any) -> int:
        at, about = talk.now(), talk.conversation
        hint = AvitoHint(account_id=about.account_id, message_id="late", chat_id=about.chat_id, received_at=at)
        async with talk.sessions.begin() as session:
            session.add(hint)
        return int(await inner(*args, **kwargs))

    await talk.buyer("Второе")
    talk.build(telegram=Telegram(talk.telegram, send_text=meanwhile))
    standing = await talk.made["show"].show(talk.conversation)
    assert (standing.to_show, standing.show_at) == (True, None)
    talk.build()
    assert not (await talk.show()).to_show
