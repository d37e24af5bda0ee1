"""The view that an operator has of a conversation tells where it stands and no secrets."""

from datetime import timedelta

from temporalio.api.enums.v1 import EventType

from domain.kernel.trouble import Trouble
from tests.workflows.conversation import Dialogue, away


async def test_the_web_ui_tells_where_a_conversation_stands(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("тайна покупателя")
    await talk.shows("тайна покупателя")
    await talk.rests()
    details = await talk.details()
    assert details.startswith("**Переписка открыта** №7\n\nПокупатель ждёт ответа\n\nДальше: автоответ ")
    assert await talk.attributes() == {"PrivetAccountId": str(talk.account), "PrivetStatus": "active"}
    raw = await talk.raw_history()
    assert "тайна".encode() not in raw
    assert "автоответ".encode() not in raw


async def test_a_conversation_that_cannot_go_on_is_found_by_a_filter_until_it_does(talk: Dialogue) -> None:
    talk.chat.fails("show", *[away(Trouble.TELEGRAM)] * 5)
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.waits(timedelta(seconds=22))
    await talk.chat.tried("show", 5)
    await talk.rests()
    assert (await talk.attributes())["PrivetStatus"] == "stuck"
    assert "Мешает: Telegram не отвечает" in await talk.details()
    await talk.waits(timedelta(minutes=2))
    await talk.shows("вопрос")
    await talk.rests()
    assert (await talk.attributes())["PrivetStatus"] == "active"


async def test_an_ordinary_exchange_costs_few_events_and_no_attribute(talk: Dialogue) -> None:
    for number in range(5):
        await talk.buyer_writes(f"b{number}")
        await talk.has_shown(f"b{number}")
        await talk.rests()
    events = await talk.events()
    assert EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES not in events
    assert len(events) <= 2 + 5 * 11
    raw = await talk.raw_history()
    assert len(raw) < 20_000
