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


async def test_a_page_of_a_proxy_instead_of_telegram_loses_no_message(talk: ConversationSetup) -> None:
    async def censored(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Rejected(451, "not an answer of the Bot API")

    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=censored))
    await talk.buyer("Второе")
    standing = await talk.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    talk.build()
    await talk.show()
    assert (await talk.said())[-1].endswith("Второе")


async def test_a_group_that_takes_no_words_at_all_keeps_the_messages_waiting(talk: ConversationSetup) -> None:
    async def mute(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Rejected(400, "Bad Request: PEER_FLOOD")

    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=mute))
    await talk.buyer("Второе")
    assert (await talk.show()).to_show
    talk.build()
    await talk.show()
    assert (await talk.said())[-1].endswith("Второе")


async def test_a_message_that_telegram_does_not_take_is_told_of_and_holds_nobody_up(talk: ConversationSetup) -> None:
    async def choosy(inner: Any, place: Any, text: str, **kwargs: Any) -> int:
        if text == "Второе":
            raise Rejected(400, "Bad Request: text is improper")
        return int(await inner(place, text, **kwargs))

    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=choosy))
    await talk.buyer("Второе")
    await talk.buyer("Третье")
    standing = await talk.show()
    assert "text is improper" in (await talk.said())[1]
    assert (await talk.said())[2] == "Третье"
    assert not standing.to_show


async def test_a_file_that_never_gets_through_is_told_of_at_last(talk: ConversationSetup) -> None:
    async def slow(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    talk.build(telegram=ChangedTelegram(talk.telegram, send_photo=slow))
    await talk.buyer(type="image")
    await talk.buyer("Видно?")
    for tries in range(8):
        standing = await talk.show(tries)
    said = await talk.said()
    assert said[-1] == "Видно?"
    assert "изображение" in said[-2]
    assert not standing.to_show


async def test_a_picture_waits_for_telegram_and_is_not_given_up_in_an_outage(talk: ConversationSetup) -> None:
    async def away(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    talk.build(telegram=ChangedTelegram(talk.telegram, send_photo=away, send_text=away))
    await talk.buyer(type="image")
    for tries in range(8):
        assert (await talk.show(tries)).to_show
    talk.build()
    await talk.show()
    assert [one["kind"] for one in (await talk.topic())[2:]] == ["photo"]


@pytest.mark.parametrize("refusal", [TopicGone(400, "message thread not found"), Rejected(400, "no")])
async def test_a_card_that_cannot_stand_is_not_tried_for_ever(relay: ConversationSetup, refusal: Rejected) -> None:
    """Messages come first, so the topic may be gone before the card's turn."""

    async def gone(inner: Any, place: Any, text: str, **kwargs: Any) -> int:
        if "Велосипед" in text:
            raise refusal
        return int(await inner(place, text, **kwargs))

    relay.build(telegram=ChangedTelegram(relay.telegram, send_text=gone))
    await relay.buyer("Ещё продаётся?")
    for _ in range(3):
        standing = await relay.show()
        relay.wait(61)
    assert not standing.to_show
    assert (await relay.messages())[0].status is Delivery.DELIVERED


async def test_a_card_waits_for_a_closed_topic_without_asking(talk: ConversationSetup) -> None:
    async def closed(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise TopicClosed(400, "TOPIC_CLOSED")

    async with talk.sessions.begin() as session:
        dialog = (await session.exec(select(Dialog))).one()
        dialog.card_pinned, dialog.card_message_id = False, None
    await talk.change("close")
    talk.build(telegram=ChangedTelegram(talk.telegram, send_text=closed))
    await talk.show()
    assert not (await talk.show()).to_show


async def test_a_number_that_telegram_gives_again_in_a_moved_group_holds_nobody_up(talk: ConversationSetup) -> None:
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
    assert await talk.said() == ["Ещё продаётся?", "Второе", "Третье"]
    assert not standing.to_show
