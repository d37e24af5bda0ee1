"""News of a conversation go through in order and one at a time."""

import asyncio

from tests.workflows.conversation_driver import ConversationDriver


async def test_what_the_buyer_writes_is_shown_and_what_staff_write_is_sent(talk: ConversationDriver) -> None:
    await talk.buyer_writes("Здравствуйте")
    await talk.shows("Здравствуйте")
    await talk.staff_write("Добрый день")
    await talk.sends("Добрый день")
    assert talk.chat.names() == ["show", "answer"]
    assert talk.chat.most_at_once == 1


async def test_news_that_come_while_something_is_done_are_one_more_round(talk: ConversationDriver) -> None:
    shown = talk.chat.holds("show")
    await talk.buyer_writes("1")
    await talk.chat.tried("show")
    for number in range(2, 12):
        await talk.buyer_writes(str(number))
    shown.set()
    await talk.shows(*(str(number) for number in range(1, 12)))
    await talk.rests()
    assert talk.chat.names() == ["show", "show"]


async def test_both_sides_at_once_take_turns_and_never_overlap(talk: ConversationDriver) -> None:
    shown = talk.chat.holds("show")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.staff_write("ответ")
    await talk.buyer_writes("ещё вопрос")
    shown.set()
    await talk.sends("ответ")
    await talk.rests()
    assert talk.chat.names()[:3] == ["show", "answer", "show"]
    assert talk.chat.most_at_once == 1


async def test_a_flood_from_both_sides_is_passed_on_whole(talk: ConversationDriver) -> None:
    await asyncio.gather(
        *(talk.buyer_writes(f"b{number}") for number in range(25)),
        *(talk.staff_write(f"s{number}") for number in range(25)),
    )
    await talk.chat.until(lambda: len(talk.chat.shown) == len(talk.chat.sent) == 25)
    await talk.rests()
    assert talk.chat.most_at_once == 1
    assert len(talk.chat.calls) <= 50


async def test_a_row_that_waits_in_the_other_direction_is_taken_along(talk: ConversationDriver) -> None:
    talk.chat.outbox.append("забытый ответ")
    await talk.buyer_writes("вопрос")
    await talk.sends("забытый ответ")
    assert talk.chat.names() == ["show", "answer"]
    talk.chat.unread.append("незамеченное")
    await talk.staff_write("ответ")
    await talk.shows("вопрос", "незамеченное")
    assert talk.chat.names() == ["show", "answer", "answer", "show"]


async def test_an_activity_that_breaks_is_done_again_before_anything_else(talk: ConversationDriver) -> None:
    talk.chat.fails("show", ConnectionError("the database restarts"))
    talk.chat.outbox.append("ответ")
    await talk.buyer_writes("вопрос")
    await talk.sends("ответ")
    assert talk.chat.names() == ["show", "show", "answer"]
