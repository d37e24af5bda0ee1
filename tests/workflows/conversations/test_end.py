"""The end of a conversation comes with its dialog's, and whatever happens next begins it again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError

from activities.conversations.core.wake import Side
from domain.kernel.refusal import NotFound
from domain.kernel.trouble import Trouble
from tests.workflows.conversation_driver import ConversationDriver
from tests.workflows.onboarding_driver import refusal_in


async def test_a_closed_dialog_gives_its_workflow_back_and_the_next_message_begins_it_again(
    conversation: ConversationDriver,
) -> None:
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    standing = await conversation.change("close")
    assert standing.state == "closed"
    assert await conversation.ends() == "closed"
    conversation.chat.closed = False
    await conversation.buyer_writes("я передумал")
    await conversation.shows("вопрос", "я передумал")
    assert (await conversation.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_closed_dialog_first_does_what_waits(conversation: ConversationDriver) -> None:
    shown = conversation.chat.holds("show")
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("show")
    closing = asyncio.create_task(conversation.change("close"))
    await conversation.staff_write("до свидания")
    shown.set()
    await closing
    assert await conversation.ends() == "closed"
    assert conversation.chat.sent == ["до свидания"]
    assert conversation.chat.most_at_once == 1


async def test_a_dialog_is_changed_although_no_workflow_runs(conversation: ConversationDriver) -> None:
    conversation.chat.closed = True
    standing = await conversation.change("reopen")
    assert standing.state == "active"
    assert (await conversation.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_person_who_retries_waits_for_no_pause(conversation: ConversationDriver) -> None:
    conversation.chat.fails(
        "answer", lambda standing, at: replace(standing, trouble=Trouble.AVITO, send_at=at + timedelta(hours=1))
    )
    await conversation.staff_write("ответ")
    await conversation.chat.tried("answer")
    await conversation.change("retry")
    await conversation.sends("ответ")
    first, *_, last = conversation.chat.at("answer")
    assert last - first < timedelta(hours=1)


async def test_closing_cancels_what_was_due(conversation: ConversationDriver) -> None:
    conversation.chat.auto_replies = conversation.chat.reminds = True
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.change("close")
    assert await conversation.ends() == "closed"
    assert conversation.chat.names() == ["show", "change"]


@pytest.mark.parametrize(("verb", "code"), [("delete", "invalid-value"), ("", "invalid-value")])
async def test_nothing_else_can_be_wished_for(conversation: ConversationDriver, verb: str, code: str) -> None:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await conversation.change(verb)
    assert refusal_in(refused.value).type == code
    assert "change" not in conversation.chat.names()


async def test_a_dialog_that_nobody_knows_cannot_be_changed(conversation: ConversationDriver) -> None:
    conversation.chat.known = False
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await conversation.change("close")
    assert refusal_in(refused.value).type == "not-found"
    assert await conversation.ends() == "unknown"


async def test_a_chat_of_which_avito_knows_nothing_ends_its_workflow(conversation: ConversationDriver) -> None:
    conversation.chat.known = False
    await conversation.is_woken(Side.BUYER)
    assert await conversation.ends() == "unknown"


async def test_an_account_that_is_deleted_on_the_way_ends_the_conversation_without_a_failure(
    conversation: ConversationDriver,
) -> None:
    conversation.chat.fails("answer", NotFound("Аккаунт не найден."))
    await conversation.staff_write("ответ")
    assert await conversation.ends() == "unknown"


async def test_two_quiet_weeks_end_it_and_one_message_in_between_begins_them_anew(
    conversation: ConversationDriver,
) -> None:
    await conversation.buyer_writes("раз")
    await conversation.shows("раз")
    await conversation.rests()
    await conversation.waits(timedelta(days=13))
    await conversation.buyer_writes("два")
    await conversation.shows("раз", "два")
    await conversation.rests()
    await conversation.waits(timedelta(days=13))
    assert (await conversation.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await conversation.waits(timedelta(days=2))
    assert await conversation.ends() == "quiet"
    assert conversation.chat.names() == ["show", "show"]
