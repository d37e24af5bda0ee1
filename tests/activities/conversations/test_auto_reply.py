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
async def open_shop(relay: ConversationSetup) -> ConversationSetup:
    await relay.change_organisation(
        auto_reply_enabled=True,
        auto_reply_always=True,
        auto_reply_mode=AutoReplyMode.ALWAYS,
        auto_reply_timezone="Europe/Moscow",
        auto_reply_text=REPLY,
        auto_reply_delay_seconds=75,
    )
    return relay


async def due(shop: ConversationSetup) -> Standing:
    shop.wait(76)
    return await shop.auto_reply()


async def test_a_buyer_is_answered_when_the_delay_is_over(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    standing = await open_shop.show()
    assert standing.auto_reply_at is not None
    assert 70 <= (standing.auto_reply_at - open_shop.now()).total_seconds() <= 75
    standing = await due(open_shop)
    assert open_shop.sent_to_buyer() == [REPLY]
    assert standing.auto_reply_at is None
    assert standing.unanswered
    assert not standing.to_show
    await open_shop.show()
    assert await open_shop.said() == ["Ещё продаётся?", f"Автоответ: {REPLY}"]


async def test_it_comes_not_before_it_is_due(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    assert (await open_shop.auto_reply()).auto_reply_at is not None
    assert open_shop.sent_to_buyer() == []


async def test_once_per_interval(open_shop: ConversationSetup) -> None:
    for _ in range(3):
        await open_shop.buyer("Вы тут?")
        await open_shop.show()
        await due(open_shop)
    assert open_shop.sent_to_buyer() == [REPLY]


async def test_a_persons_answer_cancels_it(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    await open_shop.staff("Да")
    assert (await open_shop.answer()).auto_reply_at is None
    await due(open_shop)
    assert open_shop.sent_to_buyer() == ["Да"]


async def test_an_answer_that_is_still_on_its_way_cancels_it(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    await open_shop.staff("Да")
    await due(open_shop)
    assert open_shop.sent_to_buyer() == ["Да"]


async def test_an_answer_in_avitos_app_that_nobody_told_us_of_cancels_it(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    await open_shop.seller_in_app("Да")
    await due(open_shop)
    assert open_shop.sent_to_buyer() == ["Да"]


async def test_it_follows_the_rules_as_they_are_when_it_is_due(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    await open_shop.change_organisation(auto_reply_enabled=False)
    await due(open_shop)
    assert open_shop.sent_to_buyer() == []


async def test_outside_of_the_hours_nothing_is_sent(open_shop: ConversationSetup) -> None:
    hour = (open_shop.now().hour + 3 + 6) % 24
    await open_shop.change_organisation(
        auto_reply_always=False, auto_reply_start_time=time(hour), auto_reply_end_time=time((hour + 2) % 24)
    )
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    await due(open_shop)
    assert open_shop.sent_to_buyer() == []


async def test_the_first_mode_answers_only_the_first_message(open_shop: ConversationSetup) -> None:
    await open_shop.change_organisation(auto_reply_mode=AutoReplyMode.FIRST)
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    open_shop.wait(10)
    await open_shop.buyer("Ау?")
    await open_shop.show()
    await due(open_shop)
    await open_shop.buyer("Ну что?")
    await open_shop.show()
    open_shop.wait(24 * 3600)
    await due(open_shop)
    assert open_shop.sent_to_buyer() == [REPLY]


async def test_while_avito_is_away_the_decision_waits(open_shop: ConversationSetup) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    await open_shop.sandbox.fault("avito", "server-error")
    standing = await due(open_shop)
    assert standing.auto_reply_at is not None
    assert standing.auto_reply_at > open_shop.now()
    open_shop.sandbox.world.faults.clear()
    await due(open_shop)
    assert open_shop.sent_to_buyer() == [REPLY]


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_while_it_sends_never_answers_twice(open_shop: ConversationSetup, after: bool) -> None:
    await open_shop.buyer("Ещё продаётся?")
    await open_shop.show()
    open_shop.build(avito=KillingAvito(Avito(open_shop.http, open_shop.sandbox.url), "send_text", after=after))
    with pytest.raises(Killed):
        await due(open_shop)
    open_shop.build()
    for seconds in (0, 1, 8, 21, 1):
        open_shop.wait(seconds)
        await open_shop.auto_reply()
        await open_shop.show()
    assert open_shop.sent_to_buyer() == [REPLY]
    rows = [row for row in await open_shop.messages() if row.author is Author.AUTO]
    assert [row.status for row in rows] == [Delivery.SENT]
    assert [row.author for row in await open_shop.messages() if row.author is Author.SELLER_APP] == []
