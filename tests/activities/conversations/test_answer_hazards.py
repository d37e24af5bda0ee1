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


def odd(conversation: ConversationSetup, name: str, method: Any) -> Avito:
    return Odd(Avito(conversation.http, conversation.sandbox.url), name, method)


@pytest.fixture
async def with_auto_reply(new_conversation: ConversationSetup) -> ConversationSetup:
    await new_conversation.change_organisation(
        auto_reply_enabled=True,
        auto_reply_always=True,
        auto_reply_timezone="Europe/Moscow",
        auto_reply_text=REPLY,
    )
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    return new_conversation


async def undecided(conversation: ConversationSetup) -> None:
    """The auto-reply is decided, and Avito takes nothing yet."""
    conversation.wait(76)
    await conversation.sandbox.fault("avito", "too-many", path="/messages", times=1, seconds=30, every=2)
    await conversation.auto_reply()
    [row] = [row for row in await conversation.messages() if row.author is Author.AUTO]
    assert row.status is Delivery.PENDING
    conversation.sandbox.world.faults.clear()


async def test_an_auto_reply_that_waits_for_avito_is_withdrawn_when_a_person_answers(
    with_auto_reply: ConversationSetup,
) -> None:
    await undecided(with_auto_reply)
    await with_auto_reply.staff("Да, приезжайте")
    with_auto_reply.wait(40)
    await with_auto_reply.answer()
    assert with_auto_reply.sent_to_buyer() == ["Да, приезжайте"]
    assert not any(text.startswith("Автоответ") for text in await with_auto_reply.said())


async def test_an_auto_reply_that_waits_is_withdrawn_when_a_person_answers_in_avitos_app(
    with_auto_reply: ConversationSetup,
) -> None:
    await undecided(with_auto_reply)
    with_auto_reply.wait(40)
    await with_auto_reply.seller_in_app("Да, приезжайте")
    await with_auto_reply.show()
    standing = await with_auto_reply.answer()
    assert with_auto_reply.sent_to_buyer() == ["Да, приезжайте"]
    assert not standing.to_send


async def test_a_failed_auto_reply_is_not_sent_again_after_a_persons_answer(with_auto_reply: ConversationSetup) -> None:
    await undecided(with_auto_reply)
    async with with_auto_reply.sessions.begin() as session:
        for row in await with_auto_reply.messages():
            if row.author is Author.AUTO:
                kept = await session.get_one(Message, row.id)
                kept.status, kept.settled_at = Delivery.FAILED, with_auto_reply.now()
    with_auto_reply.wait(40)
    await with_auto_reply.staff("Да")
    await with_auto_reply.answer()
    await with_auto_reply.change("retry")
    await with_auto_reply.answer()
    assert with_auto_reply.sent_to_buyer() == ["Да"]


async def test_the_pictures_of_an_album_that_is_a_note_stay_among_the_staff(conversation: ConversationSetup) -> None:
    await conversation.album([picture(), picture()], "// только для своих")
    conversation.wait(2)
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == []
    assert not standing.to_send


async def test_words_under_a_file_that_cannot_go_are_sent_with_the_pictures_of_its_album(
    conversation: ConversationSetup,
) -> None:
    first, _ = await conversation.album([picture(), picture()], "Вот видео и фото")
    async with conversation.sessions.begin() as session:
        row = (await session.exec(select(Message).where(col(Message.telegram_message_id) == first))).one()
        row.kind = "unsupported"
        row.body_sealed = seal(conversation.keyring, BODY, {"text": "Вот видео и фото", "what": "video"})
    conversation.wait(2)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Вот видео и фото", "[image]"]
    assert "Видео не ушло" in (await conversation.said())[-1]


async def test_a_picture_that_avito_never_takes_in_holds_nobody_up_for_ever(conversation: ConversationSetup) -> None:
    async def slow(_inner: Any, *_args: Any) -> str:
        raise Unknown("TimeoutError")

    conversation.build(avito=odd(conversation, "upload_image", slow))
    await conversation.staff(kind="photo", file=base64.b64encode(picture()).decode())
    await conversation.staff("Видно?")
    for tries in range(12):
        await conversation.answer(tries)
        conversation.wait(61)
    assert conversation.sent_to_buyer() == ["Видно?"]
    assert "Изображение не ушло" in (await conversation.said())[-1]


async def test_a_picture_waits_while_telegram_does_not_accept_the_bots_token(conversation: ConversationSetup) -> None:
    async def refused(_inner: Any, *_args: Any) -> None:
        raise Unauthorised(401, "Unauthorized")

    await conversation.staff(kind="photo", file=base64.b64encode(picture()).decode())
    conversation.build(telegram=ChangedTelegram(conversation.telegram, download=refused))
    standing = await conversation.answer()
    assert standing.to_send
    conversation.build()
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["[image]"]


async def test_retry_as_an_answer_to_the_notice_of_a_failure_sends_the_message_again(
    conversation: ConversationSetup,
) -> None:
    written = await conversation.staff("Да")

    async def refused(_inner: Any, *_args: Any) -> Any:
        raise Rejected(400, "bad text")

    conversation.build(avito=odd(conversation, "send_text", refused))
    await conversation.answer()
    conversation.build()
    notice = next(one for one in await conversation.topic() if one["by_bot"] and one["reply_to"] == written)
    await conversation.staff("/retry", reply_to=notice["message_id"])
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]
    assert (await conversation.reactions(written)) == ["👌"]


async def test_the_sellers_own_equal_words_are_not_taken_for_an_answer_that_got_lost(
    conversation: ConversationSetup,
) -> None:
    """They were known before the answer was posted."""
    await conversation.seller_in_app("Да")
    await conversation.show()
    await conversation.staff("Да")
    calls = 0

    async def lost(inner: Any, *args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise Unknown("TimeoutError")
        return await inner(*args)

    conversation.build(avito=odd(conversation, "send_text", lost))
    for seconds in (0, 1, 8, 21, 1):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да", "Да"]


async def test_a_worker_that_was_taken_for_dead_takes_no_claim_back_that_is_another_ones(
    conversation: ConversationSetup,
) -> None:
    going, go_on = asyncio.Event(), asyncio.Event()

    async def stalled(_inner: Any, *_args: Any) -> Any:
        going.set()
        await go_on.wait()
        raise NotDone("ConnectError")

    async def lost(_inner: Any, *_args: Any) -> Any:
        raise Unknown("TimeoutError")

    await conversation.staff("Да")
    conversation.build(avito=odd(conversation, "send_text", stalled))
    zombie = asyncio.create_task(conversation.made["answer"].answer(conversation.key))
    await going.wait()
    conversation.build(avito=odd(conversation, "send_text", lost))
    for seconds in (1, 8, 21):
        conversation.wait(seconds)
        await conversation.answer()
    [before] = await conversation.sends()
    assert before.attempts == 2
    go_on.set()
    await zombie
    [after] = await conversation.sends()
    assert (after.status, after.attempts, after.started_at) == (SendStatus.CLAIMED, 2, before.started_at)


async def test_a_backlog_for_the_topic_does_not_take_the_turn_of_an_answer(conversation: ConversationSetup) -> None:
    async def slow(inner: Any, *args: Any, **kwargs: Any) -> int:
        conversation.wait(30)
        return int(await inner(*args, **kwargs))

    await conversation.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    for number in range(5):
        await conversation.buyer(f"Вопрос {number}")
    await conversation.show()
    conversation.wait(2)
    await conversation.staff("Да")
    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=slow))
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]


async def test_a_holiday_that_is_no_date_does_not_stop_the_conversation(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.change_organisation(auto_reply_holidays=["завтра"])
    with_auto_reply.wait(76)
    standing = await with_auto_reply.auto_reply()
    assert standing.auto_reply_at is None


async def test_an_auto_reply_of_a_chat_that_avito_closed_is_given_up(with_auto_reply: ConversationSetup) -> None:
    with_auto_reply.sandbox.world.avito.kept.accounts[with_auto_reply.user_id].chats.pop(with_auto_reply.chat_id)
    with_auto_reply.wait(76)
    standing = await with_auto_reply.auto_reply()
    assert standing.known
    assert standing.auto_reply_at is None
