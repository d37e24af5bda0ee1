"""A delivery to a webhook is kept before it is answered, and wakes somebody."""

import asyncio
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from tests.api.channels.webhooks.dialog_webhooks import DialogWebhooks
from tests.api.onboarding_steps import good
from workflows.channels.start import bot_id


async def signalled(handle: WorkflowHandle[Any, Any], signals: int) -> list[str]:
    """What each of that many signals said."""
    async with asyncio.timeout(10):
        while True:
            try:
                events = [event async for event in handle.fetch_history_events()]
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                events = []
            found = [event for event in events if event.HasField("workflow_execution_signaled_event_attributes")]
            if len(found) >= signals:
                return [event.workflow_execution_signaled_event_attributes.signal_name for event in found]
            await asyncio.sleep(0.02)


async def test_what_staff_write_in_a_topic_is_kept_and_wakes_its_conversation(webhooks: DialogWebhooks) -> None:
    async with webhooks.http() as http:
        assert good(await http.post(webhooks.telegram, json=webhooks.update())) == {"ok": True}
    (message,) = await webhooks.messages()
    assert (message.author, message.status, message.direction) == ("staff", "pending", "telegram")
    assert await signalled(webhooks.workflow, 1) == ["wake"]


async def test_an_update_that_comes_many_times_is_one_message(webhooks: DialogWebhooks) -> None:
    update = webhooks.update()
    async with webhooks.http() as http:
        answers = await asyncio.gather(*(http.post(webhooks.telegram, json=update) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await webhooks.messages()) == 1


async def test_a_command_outside_of_conversations_wakes_the_bot(webhooks: DialogWebhooks) -> None:
    update = webhooks.update("/getid", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    for name in ("message_thread_id", "is_topic_message"):
        del update["message"][name]
    async with webhooks.http() as http:
        good(await http.post(webhooks.telegram, json=update))
    handle = webhooks.staff.api.context.temporal.get_workflow_handle(bot_id(webhooks.bot.id))
    assert await signalled(handle, 1) == ["woken"]


async def test_a_hint_of_avito_wakes_the_conversation_once(webhooks: DialogWebhooks) -> None:
    hook = webhooks.hook()
    async with webhooks.http() as http:
        for _ in range(3):
            assert good(await http.post(webhooks.avito, json=hook)) == {"ok": True}
            await signalled(webhooks.workflow, 1)
        await webhooks.read()
        good(await http.post(webhooks.avito, json=webhooks.hook()))
    assert await signalled(webhooks.workflow, 2) == ["wake", "wake"]
    assert await webhooks.messages() == []


async def test_the_probe_of_avito_is_answered_whatever_it_is_said_to_be(webhooks: DialogWebhooks) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with webhooks.http() as http:
        assert good(await http.post(webhooks.avito, content=b"{}", headers=headers)) == {"ok": True}
