"""The view that an operator has of a conversation tells where it stands and no secrets."""

from datetime import timedelta

from temporalio.api.enums.v1 import EventType

from domain.kernel.trouble import Trouble
from tests.workflows.conversation_driver import ConversationDriver, away


async def test_the_web_ui_tells_where_a_conversation_stands(conversation: ConversationDriver) -> None:
    conversation.chat.auto_replies = True
    await conversation.buyer_writes("тайна покупателя")
    await conversation.shows("тайна покупателя")
    await conversation.rests()
    details = await conversation.details()
    assert details.startswith("**Переписка открыта** №7\n\nПокупатель ждёт ответа\n\nДальше: автоответ ")
    assert await conversation.attributes() == {"PrivetAccountId": str(conversation.account), "PrivetStatus": "active"}
    raw = await conversation.raw_history()
    assert "тайна".encode() not in raw
    assert "автоответ".encode() not in raw


async def test_a_conversation_that_cannot_go_on_is_found_by_a_filter_until_it_does(
    conversation: ConversationDriver,
) -> None:
    conversation.chat.fails("show", *[away(Trouble.TELEGRAM)] * 5)
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.waits(timedelta(seconds=22))
    await conversation.chat.tried("show", 5)
    await conversation.rests()
    assert (await conversation.attributes())["PrivetStatus"] == "stuck"
    assert "Мешает: Telegram не отвечает" in await conversation.details()
    await conversation.waits(timedelta(minutes=2))
    await conversation.shows("вопрос")
    await conversation.rests()
    assert (await conversation.attributes())["PrivetStatus"] == "active"


async def test_an_ordinary_exchange_costs_few_events_and_no_attribute(conversation: ConversationDriver) -> None:
    for number in range(5):
        await conversation.buyer_writes(f"b{number}")
        await conversation.has_shown(f"b{number}")
        await conversation.rests()
    events = await conversation.events()
    assert EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES not in events
    assert len(events) <= 2 + 5 * 11
    raw = await conversation.raw_history()
    assert len(raw) < 20_000
