"""What might lose an answer, bring it to the buyer twice or too late, or hold up all that come after it."""

import asyncio
import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, select

from gateways.avito.client import Avito
from gateways.outcome import NotDone, Rejected, Unauthorised, Unknown
from models import Message
from models.conversations.message import BODY, Author, Delivery, SendStatus
from models.kernel.columns import seal
from tests.activities.conversations.faulty_gateways import ChangedTelegram
from tests.conversation_setup import ConversationSetup

REPLY = "Здравствуйте! Скоро ответим."


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return data.getvalue()


class Odd(Avito):
    """Avito with a method of its own; it is given the true one to call."""

    def __init__(self, inner: Avito, name: str, method: Any) -> None:
        super().__init__(inner._http, inner._base)
        self._name, self._method = name, method

    def account(self, user_id: int, token: str, seen: Any = None) -> Any:
        account: Any = super().account(user_id, token, seen)
        inner, method = getattr(account, self._name), self._method
        setattr(account, self._name, lambda *args, **kwargs: method(inner, *args, **kwargs))
        return account


def odd(talk: ConversationSetup, name: str, method: Any) -> Avito:
    return Odd(Avito(talk.http, talk.sandbox.url), name, method)


@pytest.fixture
async def open_shop(relay: ConversationSetup) -> ConversationSetup:
    await relay.change_organisation(
        auto_reply_enabled=True,
        auto_reply_always=True,
        auto_reply_timezone="Europe/Moscow",
        auto_reply_text=REPLY,
    )
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    return relay


async def undecided(shop: ConversationSetup) -> None:
    """The auto-reply is decided, and Avito takes nothing yet."""
    shop.wait(76)
    await shop.sandbox.fault("avito", "too-many", path="/messages", times=1, seconds=30, every=2)
    await shop.auto_reply()
    [row] = [row for row in await shop.messages() if row.author is Author.AUTO]
    assert row.status is Delivery.PENDING
    shop.sandbox.world.faults.clear()


async def test_an_auto_reply_that_waits_for_avito_is_withdrawn_when_a_person_answers(
    open_shop: ConversationSetup,
) -> None:
    await undecided(open_shop)
    await open_shop.staff("Да, приезжайте")
    open_shop.wait(40)
    await open_shop.answer()
    assert open_shop.sent_to_buyer() == ["Да, приезжайте"]
    assert not any(text.startswith("Автоответ") for text in await open_shop.said())


async def test_an_auto_reply_that_waits_is_withdrawn_when_a_person_answers_in_avitos_app(
    open_shop: ConversationSetup,
) -> None:
    await undecided(open_shop)
    open_shop.wait(40)
    await open_shop.seller_in_app("Да, приезжайте")
    await open_shop.show()
    standing = await open_shop.answer()
    assert open_shop.sent_to_buyer() == ["Да, приезжайте"]
    assert not standing.to_send


async def test_a_failed_auto_reply_is_not_sent_again_after_a_persons_answer(open_shop: ConversationSetup) -> None:
    await undecided(open_shop)
    async with open_shop.sessions.begin() as session:
        for row in await open_shop.messages():
            if row.author is Author.AUTO:
                kept = await session.get_one(Message, row.id)
                kept.status, kept.settled_at = Delivery.FAILED, open_shop.now()
    open_shop.wait(40)
    await open_shop.staff("Да")
    await open_shop.answer()
    await open_shop.change("retry")
    await open_shop.answer()
    assert open_shop.sent_to_buyer() == ["Да"]


async def test_the_pictures_of_an_album_that_is_a_note_stay_among_the_staff(talk: ConversationSetup) -> None:
    await talk.album([picture(), picture()], "// только для своих")
    talk.wait(2)
    standing = await talk.answer()
    assert talk.sent_to_buyer() == []
    assert not standing.to_send


async def test_words_under_a_file_that_cannot_go_are_sent_with_the_pictures_of_its_album(
    talk: ConversationSetup,
) -> None:
    first, _ = await talk.album([picture(), picture()], "Вот видео и фото")
    async with talk.sessions.begin() as session:
        row = (await session.exec(select(Message).where(col(Message.telegram_message_id) == first))).one()
        row.kind = "unsupported"
        row.body_sealed = seal(talk.keyring, BODY, {"text": "Вот видео и фото", "what": "video"})
    talk.wait(2)
    await talk.answer()
    assert talk.sent_to_buyer() == ["Вот видео и фото", "[image]"]
    assert "Видео не ушло" in (await talk.said())[-1]


async def test_a_picture_that_avito_never_takes_in_holds_nobody_up_for_ever(talk: ConversationSetup) -> None:
    async def slow(_inner: Any, *_args: Any) -> str:
        raise Unknown("TimeoutError")

    talk.build(avito=odd(talk, "upload_image", slow))
    await talk.staff(kind="photo", file=base64.b64encode(picture()).decode())
    await talk.staff("Видно?")
    for tries in range(12):
        await talk.answer(tries)
        talk.wait(61)
    assert talk.sent_to_buyer() == ["Видно?"]
    assert "Изображение не ушло" in (await talk.said())[-1]


async def test_a_picture_waits_while_telegram_does_not_accept_the_bots_token(talk: ConversationSetup) -> None:
    async def refused(_inner: Any, *_args: Any) -> None:
        raise Unauthorised(401, "Unauthorized")

    await talk.staff(kind="photo", file=base64.b64encode(picture()).decode())
    talk.build(telegram=ChangedTelegram(talk.telegram, download=refused))
    standing = await talk.answer()
    assert standing.to_send
    talk.build()
    await talk.answer()
    assert talk.sent_to_buyer() == ["[image]"]


async def test_retry_as_an_answer_to_the_notice_of_a_failure_sends_the_message_again(talk: ConversationSetup) -> None:
    written = await talk.staff("Да")

    async def refused(_inner: Any, *_args: Any) -> Any:
        raise Rejected(400, "bad text")

    talk.build(avito=odd(talk, "send_text", refused))
    await talk.answer()
    talk.build()
    notice = next(one for one in await talk.topic() if one["by_bot"] and one["reply_to"] == written)
    await talk.staff("/retry", reply_to=notice["message_id"])
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]
    assert (await talk.reactions(written)) == ["👌"]


async def test_the_sellers_own_equal_words_are_not_taken_for_an_answer_that_got_lost(talk: ConversationSetup) -> None:
    """They were known before the answer was posted."""
    await talk.seller_in_app("Да")
    await talk.show()
    await talk.staff("Да")
    calls = 0

    async def lost(inner: Any, *args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise Unknown("TimeoutError")
        return await inner(*args)

    talk.build(avito=odd(talk, "send_text", lost))
    for seconds in (0, 1, 8, 21, 1):
        talk.wait(seconds)
        await talk.answer()
    assert talk.sent_to_buyer() == ["Да", "Да"]


async def test_a_worker_that_was_taken_for_dead_takes_no_claim_back_that_is_another_ones(
    talk: ConversationSetup,
) -> None:
    going, go_on = asyncio.Event(), asyncio.Event()

    async def stalled(_inner: Any, *_args: Any) -> Any:
        going.set()
        await go_on.wait()
        raise NotDone("ConnectError")

    async def lost(_inner: Any, *_args: Any) -> Any:
        raise Unknown("TimeoutError")

    await talk.staff("Да")
    talk.build(avito=odd(talk, "send_text", stalled))
    zombie = asyncio.create_task(talk.made["answer"].answer(talk.conversation))
    await going.wait()
    talk.build(avito=odd(talk, "send_text", lost))
    for seconds in (1, 8, 21):
        talk.wait(seconds)
        await talk.answer()
    [before] = await talk.sends()
    assert before.attempts == 2
    go_on.set()
    await zombie
    [after] = await talk.sends()
    assert (after.status, after.attempts, after.started_at) == (SendStatus.CLAIMED, 2, before.started_at)


async def test_a_backlog_for_the_topic_does_not_take_the_turn_of_an_answer(talk: ConversationSetup) -> None:
    async def slow(inner: Any, *args: Any, **kwargs: Any) -> int:
        talk.wait(30)
        return int(await inner(*args, **kwargs))

    await talk.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    for number in range(5):
        await talk.buyer(f"Вопрос {number}")
    await talk.show()
    talk.wait(2)
    await talk.staff("Да")
    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=slow))
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]


async def test_a_holiday_that_is_no_date_does_not_stop_the_conversation(open_shop: ConversationSetup) -> None:
    await open_shop.change_organisation(auto_reply_holidays=["завтра"])
    open_shop.wait(76)
    standing = await open_shop.auto_reply()
    assert standing.auto_reply_at is None


async def test_an_auto_reply_of_a_chat_that_avito_closed_is_given_up(open_shop: ConversationSetup) -> None:
    open_shop.sandbox.world.avito.kept.accounts[open_shop.user_id].chats.pop(open_shop.chat_id)
    open_shop.wait(76)
    standing = await open_shop.auto_reply()
    assert standing.known
    assert standing.auto_reply_at is None
