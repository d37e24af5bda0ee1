"""The auto-reply: once per interval, not when a person was faster, by the rules as they are when it is due."""

from datetime import time

import pytest

from activities.conversations.core.messages import Standing
from domain.conversations.auto_reply import AutoReplyMode
from gateways.avito.client import Avito
from models.conversations.message import Author, Delivery
from tests.activities.conversations.faulty_gateways import Killed, KillingAvito
from tests.conversation_setup import ConversationSetup

REPLY = "Здравствуйте! Скоро ответим."


@pytest.fixture
async def with_auto_reply(new_conversation: ConversationSetup) -> ConversationSetup:
    await new_conversation.change_organisation(
        auto_reply_enabled=True,
        auto_reply_always=True,
        auto_reply_mode=AutoReplyMode.ALWAYS,
        auto_reply_timezone="Europe/Moscow",
        auto_reply_text=REPLY,
        auto_reply_delay_seconds=75,
    )
    return new_conversation


async def due(conversation: ConversationSetup) -> Standing:
    conversation.wait(76)
    return await conversation.auto_reply()


async def test_a_buyer_is_answered_when_the_delay_is_over(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    standing = await with_auto_reply.show()
    assert standing.auto_reply_at is not None
    assert 70 <= (standing.auto_reply_at - with_auto_reply.now()).total_seconds() <= 75
    standing = await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == [REPLY]
    assert standing.auto_reply_at is None
    assert standing.unanswered
    assert not standing.to_show
    await with_auto_reply.show()
    assert await with_auto_reply.said() == ["Ещё продаётся?", f"Автоответ: {REPLY}"]


async def test_it_comes_not_before_it_is_due(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    assert (await with_auto_reply.auto_reply()).auto_reply_at is not None
    assert with_auto_reply.sent_to_buyer() == []


async def test_once_per_interval(with_auto_reply: ConversationSetup) -> None:
    for _ in range(3):
        await with_auto_reply.buyer("Вы тут?")
        await with_auto_reply.show()
        await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == [REPLY]


async def test_a_persons_answer_cancels_it(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    await with_auto_reply.staff("Да")
    assert (await with_auto_reply.answer()).auto_reply_at is None
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == ["Да"]


async def test_an_answer_that_is_still_on_its_way_cancels_it(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    await with_auto_reply.staff("Да")
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == ["Да"]


async def test_an_answer_in_avitos_app_that_nobody_told_us_of_cancels_it(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    await with_auto_reply.seller_in_app("Да")
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == ["Да"]


async def test_it_follows_the_rules_as_they_are_when_it_is_due(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    await with_auto_reply.change_organisation(auto_reply_enabled=False)
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == []


async def test_outside_of_the_hours_nothing_is_sent(with_auto_reply: ConversationSetup) -> None:
    hour = (with_auto_reply.now().hour + 3 + 6) % 24
    await with_auto_reply.change_organisation(
        auto_reply_always=False, auto_reply_start_time=time(hour), auto_reply_end_time=time((hour + 2) % 24)
    )
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == []


async def test_the_first_mode_answers_only_the_first_message(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.change_organisation(auto_reply_mode=AutoReplyMode.FIRST)
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    with_auto_reply.wait(10)
    await with_auto_reply.buyer("Ау?")
    await with_auto_reply.show()
    await due(with_auto_reply)
    await with_auto_reply.buyer("Ну что?")
    await with_auto_reply.show()
    with_auto_reply.wait(24 * 3600)
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == [REPLY]


async def test_while_avito_is_away_the_decision_waits(with_auto_reply: ConversationSetup) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    await with_auto_reply.sandbox.fault("avito", "server-error")
    standing = await due(with_auto_reply)
    assert standing.auto_reply_at is not None
    assert standing.auto_reply_at > with_auto_reply.now()
    with_auto_reply.sandbox.world.faults.clear()
    await due(with_auto_reply)
    assert with_auto_reply.sent_to_buyer() == [REPLY]


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_while_it_sends_never_answers_twice(
    with_auto_reply: ConversationSetup, after: bool
) -> None:
    await with_auto_reply.buyer("Ещё продаётся?")
    await with_auto_reply.show()
    with_auto_reply.build(
        avito=KillingAvito(Avito(with_auto_reply.http, with_auto_reply.sandbox.url), "send_text", after=after)
    )
    with pytest.raises(Killed):
        await due(with_auto_reply)
    with_auto_reply.build()
    for seconds in (0, 1, 8, 21, 1):
        with_auto_reply.wait(seconds)
        await with_auto_reply.auto_reply()
        await with_auto_reply.show()
    assert with_auto_reply.sent_to_buyer() == [REPLY]
    rows = [row for row in await with_auto_reply.messages() if row.author is Author.AUTO]
    assert [row.status for row in rows] == [Delivery.SENT]
    assert [row.author for row in await with_auto_reply.messages() if row.author is Author.SELLER_APP] == []
