"""News of a conversation go through in order and one at a time."""

import asyncio

from tests.workflows.conversation_driver import ConversationDriver


async def test_what_the_buyer_writes_is_shown_and_what_staff_write_is_sent(conversation: ConversationDriver) -> None:
    await conversation.buyer_writes("Здравствуйте")
    await conversation.shows("Здравствуйте")
    await conversation.staff_write("Добрый день")
    await conversation.sends("Добрый день")
    assert conversation.chat.names() == ["show", "answer"]
    assert conversation.chat.most_at_once == 1


async def test_news_that_come_while_something_is_done_are_one_more_round(conversation: ConversationDriver) -> None:
    shown = conversation.chat.holds("show")
    await conversation.buyer_writes("1")
    await conversation.chat.tried("show")
    for number in range(2, 12):
        await conversation.buyer_writes(str(number))
    shown.set()
    await conversation.shows(*(str(number) for number in range(1, 12)))
    await conversation.rests()
    assert conversation.chat.names() == ["show", "show"]


async def test_both_sides_at_once_take_turns_and_never_overlap(conversation: ConversationDriver) -> None:
    shown = conversation.chat.holds("show")
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    await conversation.staff_write("ответ")
    await conversation.buyer_writes("ещё вопрос")
    shown.set()
    await conversation.sends("ответ")
    await conversation.rests()
    assert conversation.chat.names()[:3] == ["show", "answer", "show"]
    assert conversation.chat.most_at_once == 1


async def test_a_flood_from_both_sides_is_passed_on_whole(conversation: ConversationDriver) -> None:
    await asyncio.gather(
        *(conversation.buyer_writes(f"b{number}") for number in range(25)),
        *(conversation.staff_write(f"s{number}") for number in range(25)),
    )
    await conversation.chat.until(lambda: len(conversation.chat.shown) == len(conversation.chat.sent) == 25)
    await conversation.rests()
    assert conversation.chat.most_at_once == 1
    assert len(conversation.chat.calls) <= 50


async def test_a_row_that_waits_in_the_other_direction_is_taken_along(conversation: ConversationDriver) -> None:
    conversation.chat.outbox.append("забытый ответ")
    await conversation.buyer_writes("вопрос")
    await conversation.sends("забытый ответ")
    assert conversation.chat.names() == ["show", "answer"]
    conversation.chat.unread.append("незамеченное")
    await conversation.staff_write("ответ")
    await conversation.shows("вопрос", "незамеченное")
    assert conversation.chat.names() == ["show", "answer", "answer", "show"]


async def test_an_activity_that_breaks_is_done_again_before_anything_else(conversation: ConversationDriver) -> None:
    conversation.chat.fails("show", ConnectionError("the database restarts"))
    conversation.chat.outbox.append("ответ")
    await conversation.buyer_writes("вопрос")
    await conversation.sends("ответ")
    assert conversation.chat.names() == ["show", "show", "answer"]
