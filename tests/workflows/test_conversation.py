"""A conversation: news go through in order and one at a time, deadlines are met once, nothing is lost on the way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError

from activities.waking import Side
from domain.errors import NotFound
from tests.workflows.conversation import Dialogue
from tests.workflows.conversation_fakes import AUTO_REPLY, SILENCE, Fault
from tests.workflows.onboarding import refusal_in
from tests.workflows.server import Running

STARTED = EventType.EVENT_TYPE_TIMER_STARTED
SECOND = timedelta(seconds=1)


@pytest.fixture
async def talk(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[Dialogue]:
    """A chat that nobody has written in yet."""
    dialogue = Dialogue(server, request.node.nodeid)
    yield dialogue
    await dialogue.stops()


@pytest.fixture
async def long_talk(short_runs: Running, request: pytest.FixtureRequest) -> AsyncIterator[Dialogue]:
    """One whose workflow goes on in a new run after 40 events."""
    dialogue = Dialogue(short_runs, request.node.nodeid)
    yield dialogue
    await dialogue.stops()


def away(trouble: str, **changes: Any) -> Fault:
    return lambda standing, _: replace(standing, trouble=trouble, **changes)


# News.


async def test_what_the_buyer_writes_is_shown_and_what_staff_write_is_sent(talk: Dialogue) -> None:
    await talk.buyer_writes("Здравствуйте")
    await talk.shows("Здравствуйте")
    await talk.staff_write("Добрый день")
    await talk.sends("Добрый день")
    assert talk.chat.names() == ["show", "answer"]
    assert talk.chat.most_at_once == 1


async def test_news_that_come_while_something_is_done_are_one_more_round(talk: Dialogue) -> None:
    shown = talk.chat.holds("show")
    await talk.buyer_writes("1")
    await talk.chat.tried("show")
    for number in range(2, 12):
        await talk.buyer_writes(str(number))
    shown.set()
    await talk.shows(*(str(number) for number in range(1, 12)))
    await talk.rests()
    assert talk.chat.names() == ["show", "show"]


async def test_both_sides_at_once_take_turns_and_never_overlap(talk: Dialogue) -> None:
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


async def test_a_flood_from_both_sides_is_passed_on_whole(talk: Dialogue) -> None:
    await asyncio.gather(
        *(talk.buyer_writes(f"b{number}") for number in range(25)),
        *(talk.staff_write(f"s{number}") for number in range(25)),
    )
    await talk.chat.until(lambda: len(talk.chat.shown) == len(talk.chat.sent) == 25)
    await talk.rests()
    assert talk.chat.most_at_once == 1
    assert len(talk.chat.calls) <= 50


async def test_a_row_that_waits_in_the_other_direction_is_taken_along(talk: Dialogue) -> None:
    talk.chat.outbox.append("забытый ответ")
    await talk.buyer_writes("вопрос")
    await talk.sends("забытый ответ")
    assert talk.chat.names() == ["show", "answer"]
    talk.chat.unread.append("незамеченное")
    await talk.staff_write("ответ")
    await talk.shows("вопрос", "незамеченное")
    assert talk.chat.names() == ["show", "answer", "answer", "show"]


async def test_an_activity_that_breaks_is_done_again_before_anything_else(talk: Dialogue) -> None:
    talk.chat.fails("show", ConnectionError("the database restarts"))
    talk.chat.outbox.append("ответ")
    await talk.buyer_writes("вопрос")
    await talk.sends("ответ")
    assert talk.chat.names() == ["show", "show", "answer"]


# Deadlines.


async def test_an_auto_reply_is_decided_once_within_two_seconds_of_its_time(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    due = talk.chat.auto_reply_at
    assert due is not None
    await talk.waits(AUTO_REPLY - SECOND)
    assert talk.chat.count("auto_reply") == 0
    await talk.waits(timedelta(minutes=10))
    await talk.sends("auto-reply")
    await talk.rests()
    [at] = talk.chat.at("auto_reply")
    assert timedelta(0) <= at - due < timedelta(seconds=2)


async def test_an_auto_reply_that_a_person_forestalls_is_not_sent(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.waits(AUTO_REPLY - 10 * SECOND)
    await talk.staff_write("сейчас посмотрю")
    await talk.sends("сейчас посмотрю")
    await talk.rests()
    await talk.waits(timedelta(hours=1))
    assert talk.chat.count("auto_reply") == 0


async def test_another_message_puts_the_auto_reply_off_without_another_timer(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    for text in ("раз", "два", "три"):
        await talk.buyer_writes(text)
        await talk.has_shown(text)
        await talk.rests()
        await talk.waits(10 * SECOND)
    assert (await talk.events()).count(STARTED) == 1
    last = talk.chat.auto_reply_at
    assert last is not None
    await talk.waits(timedelta(minutes=5))
    await talk.chat.tried("auto_reply")
    await talk.rests()
    assert talk.chat.count("auto_reply") == 1
    assert timedelta(0) <= talk.chat.at("auto_reply")[0] - last < timedelta(seconds=2)


async def test_silence_is_reminded_of_once_after_the_auto_reply(talk: Dialogue) -> None:
    talk.chat.auto_replies = talk.chat.reminds = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(SILENCE + timedelta(hours=1))
    await talk.shows("вопрос", "reminder")
    await talk.rests()
    assert talk.chat.names() == ["show", "auto_reply", "remind"]
    assert timedelta(0) <= talk.chat.at("remind")[0] - talk.chat.at("show")[0] - SILENCE < timedelta(seconds=2)


async def test_a_worker_whose_clock_is_behind_asks_again_a_second_later_and_not_at_once(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    talk.chat.fails("auto_reply", *[lambda standing, _: standing] * 2)
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(timedelta(minutes=5))
    await talk.sends("auto-reply")
    first, second, third = talk.chat.at("auto_reply")
    assert second - first >= SECOND
    assert third - second >= SECOND


# The outside world is away.


async def test_who_is_told_to_wait_waits_and_then_tries_again(talk: Dialogue) -> None:
    talk.chat.fails("show", lambda standing, at: replace(standing, trouble="telegram", show_at=at + 40 * SECOND))
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.rests()
    await talk.waits(30 * SECOND)
    assert talk.chat.count("show") == 1
    await talk.waits(15 * SECOND)
    await talk.shows("вопрос")
    first, second = talk.chat.at("show")
    assert timedelta(seconds=40) <= second - first < timedelta(seconds=42)


async def test_tries_are_counted_until_one_succeeds(talk: Dialogue) -> None:
    talk.chat.fails("answer", *[away("avito")] * 3)
    await talk.staff_write("ответ")
    await talk.chat.tried("answer")
    await talk.waits(timedelta(minutes=2))
    await talk.sends("ответ")
    await talk.staff_write("ещё")
    await talk.sends("ответ", "ещё")
    assert [call.about for call in talk.chat.calls] == [0, 1, 2, 3, 0]
    waits = [later - sooner for sooner, later in zip(talk.chat.at("answer"), talk.chat.at("answer")[1:4], strict=False)]
    assert waits == sorted(waits)


async def test_our_own_budget_is_no_failure_of_the_world(talk: Dialogue) -> None:
    talk.chat.fails("show", *[lambda standing, at: replace(standing, trouble="budget", show_at=at + 3 * SECOND)] * 3)
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.waits(timedelta(minutes=1))
    await talk.shows("вопрос")
    assert {call.about for call in talk.chat.calls} == {0}


async def test_both_ends_away_at_once_are_tried_in_turn_and_not_in_a_circle(talk: Dialogue) -> None:
    talk.chat.fails("show", *[away("telegram")] * 4)
    talk.chat.fails("answer", *[away("avito")] * 4)
    talk.chat.outbox.append("ответ")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("answer")
    await talk.waits(timedelta(minutes=3))
    await talk.shows("вопрос")
    await talk.sends("ответ")
    assert talk.chat.count("show") == talk.chat.count("answer") == 5


async def test_news_do_not_wait_for_the_end_of_a_pause(talk: Dialogue) -> None:
    talk.chat.fails("show", lambda standing, at: replace(standing, trouble="telegram", show_at=at + 40 * SECOND))
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.rests()
    await talk.buyer_writes("ещё вопрос")
    await talk.shows("вопрос", "ещё вопрос")


async def test_what_could_not_even_be_read_is_read_later(talk: Dialogue) -> None:
    """Avito did not answer, so no row waits yet."""
    talk.chat.fails("show", away("avito", to_show=False))
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.waits(timedelta(minutes=1))
    await talk.shows("вопрос")


# The dialog as a whole.


async def test_a_closed_dialog_gives_its_workflow_back_and_the_next_message_begins_it_again(talk: Dialogue) -> None:
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    standing = await talk.change("close")
    assert standing.state == "closed"
    assert await talk.ends() == "closed"
    talk.chat.closed = False
    await talk.buyer_writes("я передумал")
    await talk.shows("вопрос", "я передумал")
    assert (await talk.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_closed_dialog_first_does_what_waits(talk: Dialogue) -> None:
    shown = talk.chat.holds("show")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    closing = asyncio.create_task(talk.change("close"))
    await talk.staff_write("до свидания")
    shown.set()
    await closing
    assert await talk.ends() == "closed"
    assert talk.chat.sent == ["до свидания"]
    assert talk.chat.most_at_once == 1


async def test_a_dialog_is_changed_although_no_workflow_runs(talk: Dialogue) -> None:
    talk.chat.closed = True
    standing = await talk.change("reopen")
    assert standing.state == "active"
    assert (await talk.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_person_who_retries_waits_for_no_pause(talk: Dialogue) -> None:
    talk.chat.fails("answer", lambda standing, at: replace(standing, trouble="avito", send_at=at + timedelta(hours=1)))
    await talk.staff_write("ответ")
    await talk.chat.tried("answer")
    await talk.change("retry")
    await talk.sends("ответ")


async def test_closing_cancels_what_was_due(talk: Dialogue) -> None:
    talk.chat.auto_replies = talk.chat.reminds = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.change("close")
    assert await talk.ends() == "closed"
    assert talk.chat.names() == ["show", "change"]


@pytest.mark.parametrize(("verb", "code"), [("delete", "invalid-value"), ("", "invalid-value")])
async def test_nothing_else_can_be_wished_for(talk: Dialogue, verb: str, code: str) -> None:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await talk.change(verb)
    assert refusal_in(refused.value).type == code
    assert "change" not in talk.chat.names()


async def test_a_dialog_that_nobody_knows_cannot_be_changed(talk: Dialogue) -> None:
    talk.chat.known = False
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await talk.change("close")
    assert refusal_in(refused.value).type == "not-found"
    assert await talk.ends() == "unknown"


async def test_a_chat_of_which_avito_knows_nothing_ends_its_workflow(talk: Dialogue) -> None:
    talk.chat.known = False
    await talk.is_woken(Side.BUYER)
    assert await talk.ends() == "unknown"


async def test_an_account_that_is_deleted_on_the_way_ends_the_conversation_without_a_failure(talk: Dialogue) -> None:
    talk.chat.fails("answer", NotFound("Аккаунт не найден."))
    await talk.staff_write("ответ")
    assert await talk.ends() == "unknown"


async def test_two_quiet_weeks_end_it_and_one_message_in_between_begins_them_anew(talk: Dialogue) -> None:
    await talk.buyer_writes("раз")
    await talk.shows("раз")
    await talk.rests()
    await talk.waits(timedelta(days=13))
    await talk.buyer_writes("два")
    await talk.shows("раз", "два")
    await talk.rests()
    await talk.waits(timedelta(days=13))
    assert (await talk.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await talk.waits(timedelta(days=2))
    assert await talk.ends() == "quiet"
    assert talk.chat.names() == ["show", "show"]


# Workers and runs come and go.


async def test_a_worker_that_dies_in_the_middle_is_replaced_and_nothing_is_lost(talk: Dialogue) -> None:
    gate = talk.chat.holds("show")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("show")
    await talk.running.conversations.ends()
    await talk.staff_write("ответ")
    gate.set()
    await talk.running.conversations.begins()
    await talk.shows("вопрос")
    await talk.sends("ответ")
    assert talk.chat.most_at_once == 1


async def test_an_auto_reply_that_fell_due_without_any_worker_is_decided_when_one_is_back(talk: Dialogue) -> None:
    talk.chat.auto_replies = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(AUTO_REPLY - 2 * SECOND)
    await talk.running.conversations.ends()
    assert talk.chat.sent == []
    await talk.has_seen(EventType.EVENT_TYPE_TIMER_FIRED)
    await talk.running.conversations.begins()
    await talk.sends("auto-reply")
    await talk.rests()
    assert talk.chat.count("auto_reply") == 1


async def test_a_long_conversation_goes_on_in_new_runs_and_keeps_every_message(long_talk: Dialogue) -> None:
    for number in range(15):
        await asyncio.gather(long_talk.buyer_writes(f"b{number}"), long_talk.staff_write(f"s{number}"))
        await long_talk.has_shown(f"b{number}")
    await long_talk.chat.until(lambda: len(long_talk.chat.sent) == 15)
    assert await long_talk.runs() > 2
    assert long_talk.chat.shown == [f"b{number}" for number in range(15)]
    assert long_talk.chat.most_at_once == 1


async def test_deadlines_and_the_count_of_tries_go_along_into_a_new_run(long_talk: Dialogue) -> None:
    chat = long_talk.chat
    chat.auto_replies = True
    await long_talk.buyer_writes("вопрос")
    await long_talk.shows("вопрос")
    await long_talk.rests()
    chat.fails("answer", *[away("avito")] * 8)
    await long_talk.staff_write("ответ")
    await chat.tried("answer")
    for _ in range(12):
        await long_talk.waits(30 * SECOND)
    await chat.tried("answer", 9)
    await long_talk.sends("auto-reply", "ответ")
    assert await long_talk.runs() > 1
    assert [call.about for call in chat.calls if call.name == "answer"] == list(range(9))


async def test_a_signal_in_the_last_moment_is_never_lost(talk: Dialogue) -> None:
    """The dialog closes again and again while both sides write: each message is taken by this run or by the next."""
    for number in range(12):
        talk.chat.closed = True
        await asyncio.gather(talk.buyer_writes(f"b{number}"), talk.is_woken(Side.STAFF), talk.staff_write(f"s{number}"))
    await talk.chat.until(lambda: len(talk.chat.shown) == len(talk.chat.sent) == 12)
    assert await talk.ends() == "closed"
    assert talk.chat.most_at_once == 1


# What an operator sees.


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
    talk.chat.fails("show", *[away("telegram")] * 5)
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
