"""What Telegram does not take, or not now: nothing is lost, and nobody behind it is held up."""

from typing import Any

import pytest
from sqlmodel import col, select

from gateways.outcome import Rejected, Unknown
from gateways.telegram.shapes import TopicClosed, TopicGone
from models import Copy, Dialog
from models.conversations.message import Delivery
from tests.activities.conversations.faulty_gateways import ChangedTelegram
from tests.conversation_setup import ConversationSetup


async def test_a_page_of_a_proxy_instead_of_telegram_loses_no_message(conversation: ConversationSetup) -> None:
    async def censored(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Rejected(451, "not an answer of the Bot API")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=censored))
    await conversation.buyer("Второе")
    standing = await conversation.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    conversation.build()
    await conversation.show()
    assert (await conversation.said())[-1].endswith("Второе")


async def test_a_group_that_takes_no_words_at_all_keeps_the_messages_waiting(conversation: ConversationSetup) -> None:
    async def mute(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Rejected(400, "Bad Request: PEER_FLOOD")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=mute))
    await conversation.buyer("Второе")
    assert (await conversation.show()).to_show
    conversation.build()
    await conversation.show()
    assert (await conversation.said())[-1].endswith("Второе")


async def test_a_message_that_telegram_does_not_take_is_told_of_and_holds_nobody_up(
    conversation: ConversationSetup,
) -> None:
    async def choosy(inner: Any, place: Any, text: str, **kwargs: Any) -> int:
        if text.endswith("Второе"):
            raise Rejected(400, "Bad Request: text is improper")
        return int(await inner(place, text, **kwargs))

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=choosy))
    await conversation.buyer("Второе")
    await conversation.buyer("Третье")
    standing = await conversation.show()
    assert "text is improper" in (await conversation.said())[1]
    assert (await conversation.said())[2] == "Третье"
    assert not standing.to_show


async def test_a_file_that_never_gets_through_is_told_of_at_last(conversation: ConversationSetup) -> None:
    async def slow(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_photo=slow))
    await conversation.buyer(type="image")
    await conversation.buyer("Видно?")
    for tries in range(8):
        standing = await conversation.show(tries)
    said = await conversation.said()
    assert said[-1] == "Видно?"
    assert "изображение" in said[-2]
    assert not standing.to_show


async def test_a_picture_waits_for_telegram_and_is_not_given_up_in_an_outage(conversation: ConversationSetup) -> None:
    async def away(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_photo=away, send_text=away))
    await conversation.buyer(type="image")
    for tries in range(8):
        assert (await conversation.show(tries)).to_show
    conversation.build()
    await conversation.show()
    assert [one["kind"] for one in (await conversation.topic())[2:]] == ["photo"]


@pytest.mark.parametrize("refusal", [TopicGone(400, "message thread not found"), Rejected(400, "no")])
async def test_a_card_that_cannot_stand_is_not_tried_for_ever(
    new_conversation: ConversationSetup, refusal: Rejected
) -> None:
    """Messages come first, so the topic may be gone before the card's turn."""

    async def gone(inner: Any, place: Any, text: str, **kwargs: Any) -> int:
        if "Велосипед" in text:
            raise refusal
        return int(await inner(place, text, **kwargs))

    new_conversation.build(telegram=ChangedTelegram(new_conversation.telegram, send_text=gone))
    await new_conversation.buyer("Ещё продаётся?")
    for _ in range(3):
        standing = await new_conversation.show()
        new_conversation.wait(61)
    assert not standing.to_show
    assert (await new_conversation.messages())[0].status is Delivery.DELIVERED


async def test_a_card_waits_for_a_closed_topic_without_asking(conversation: ConversationSetup) -> None:
    async def closed(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise TopicClosed(400, "TOPIC_CLOSED")

    async with conversation.sessions.begin() as session:
        dialog = (await session.exec(select(Dialog))).one()
        dialog.card_pinned, dialog.card_message_id = False, None
    await conversation.change("close")
    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_text=closed))
    await conversation.show()
    assert not (await conversation.show()).to_show


async def test_a_number_that_telegram_gives_again_in_a_moved_group_holds_nobody_up(
    conversation: ConversationSetup,
) -> None:
    await conversation.buyer("Второе")
    await conversation.show()
    last = (await conversation.topic())[-1]["message_id"]
    async with conversation.sessions.begin() as session:
        copy = (await session.exec(select(Copy).where(col(Copy.telegram_message_id) == last))).one()
        session.add(
            Copy(
                chat_id=copy.chat_id,
                telegram_message_id=last + 1,
                dialog_id=copy.dialog_id,
                message_id=copy.message_id,
            )
        )
    await conversation.buyer("Третье")
    standing = await conversation.show()
    assert await conversation.said() == ["Ещё продаётся?", "Второе", "Третье"]
    assert not standing.to_show
