"""The end of a conversation comes with its dialog's, and whatever happens next begins it again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError

from activities.conversations.core.wake import Side
from domain.kernel.refusal import NotFound
from domain.kernel.trouble import Trouble
from tests.workflows.conversation import Dialogue
from tests.workflows.onboarding import refusal_in


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
    talk.chat.fails(
        "answer", lambda standing, at: replace(standing, trouble=Trouble.AVITO, send_at=at + timedelta(hours=1))
    )
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
