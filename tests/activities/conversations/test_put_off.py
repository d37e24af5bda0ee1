"""What Avito puts off goes on where it stood: the next attempt begins with the call that was refused."""

import json
from typing import Any

import pytest

from activities.conversations.core.messages import Conversation, Standing
from domain.conversations.auto_reply import AutoReplyMode
from domain.kernel.trouble import Trouble
from models.conversations.message import SendStatus
from tests.conversation_setup import ConversationSetup

LONG = 30
"""Seconds that no activity waits for."""


def calls(conversation: ConversationSetup) -> list[str]:
    """Avito's, the oldest first, without the account's and the chat's numbers."""
    view = conversation.sandbox.world.journal.view()
    asked = [f"{one['method']} {one['path']}" for one in view if one["side"] == "avito"]
    chat = f"/accounts/{conversation.user_id}/chats/{conversation.chat_id}"
    return [one.replace(chat, "").replace(f"/accounts/{conversation.user_id}", "") for one in asked]


async def refused(conversation: ConversationSetup, path: str) -> None:
    place = path.format(chat=f"/accounts/{conversation.user_id}/chats/{conversation.chat_id}")
    await conversation.sandbox.fault("avito", "too-many", times=1, seconds=LONG, path=place)


async def next_attempt(conversation: ConversationSetup, standing: Standing) -> list[str]:
    """Of `show`, by another worker; what it asks Avito for."""
    conversation.wait(LONG)
    conversation.build()
    conversation.sandbox.world.journal.clear()
    key = Conversation(conversation.account_id, conversation.chat_id, is_read=standing.is_read)
    after: Standing = await conversation.made["show"].show(key)
    assert after.trouble is None
    return calls(conversation)


async def test_a_new_chat_whose_details_are_refused_is_not_read_again(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Ещё продаётся?")
    await refused(new_conversation, "v2{chat}")
    standing = await new_conversation.show()
    assert (standing.trouble, standing.is_read) == (Trouble.TURN, True)
    assert standing.show_at is not None
    assert (await new_conversation.dialog()).telegram_topic_id is None
    asked = await next_attempt(new_conversation, standing)
    assert asked == ["GET /messenger/v2", "POST /messenger/v1/read"]
    assert await new_conversation.said() == ["Ещё продаётся?"]
    assert (await new_conversation.dialog()).buyer_name == "Ольга"


async def test_a_topic_does_not_wait_for_its_name_for_ever(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.sandbox.fault(
        "avito", "too-many", seconds=LONG, path=f"v2/accounts/{new_conversation.user_id}/chats/"
    )
    standing = await new_conversation.show()
    for _ in range(3):
        new_conversation.wait(LONG)
        key = Conversation(new_conversation.account_id, new_conversation.chat_id, is_read=standing.is_read)
        standing = await new_conversation.made["show"].show(key)
    assert await new_conversation.said() == ["Ещё продаётся?"]


async def test_a_long_chat_is_read_on_from_the_page_that_was_refused(new_conversation: ConversationSetup) -> None:
    for number in range(60):
        await new_conversation.buyer(f"Вопрос {number}")
    path = f"/accounts/{new_conversation.user_id}/chats/{new_conversation.chat_id}/messages/"
    await new_conversation.sandbox.fault("avito", "too-many", every=2, times=1, seconds=20, path=path)
    standing = await new_conversation.show()
    assert (standing.trouble, standing.is_read) == (Trouble.TURN, False)
    new_conversation.wait(20)
    new_conversation.sandbox.world.journal.clear()
    await new_conversation.show()
    assert calls(new_conversation)[:2] == ["GET /messenger/v3/messages/", "GET /messenger/v2"]
    assert calls(new_conversation).count("GET /messenger/v3/messages/") == 1
    assert len(await new_conversation.messages()) == 60


async def test_what_came_meanwhile_is_read_after_the_pages(new_conversation: ConversationSetup) -> None:
    for number in range(60):
        await new_conversation.buyer(f"Вопрос {number}")
    path = f"/accounts/{new_conversation.user_id}/chats/{new_conversation.chat_id}/messages/"
    await new_conversation.sandbox.fault("avito", "too-many", every=2, times=1, seconds=20, path=path)
    await new_conversation.show()
    late = await new_conversation.buyer("И ещё одно")
    body = {"id": late, "chat_id": new_conversation.chat_id, "user_id": new_conversation.user_id, "author_id": 5}
    hook = {"payload": {"type": "message", "value": {**body, "type": "text", "chat_type": "u2i", "content": {}}}}
    await store_hook(new_conversation, hook)
    new_conversation.wait(20)
    standing = await new_conversation.show()
    assert (standing.to_show, standing.is_read) == (True, False)
    await new_conversation.show()
    assert len(await new_conversation.messages()) == 61


async def store_hook(conversation: ConversationSetup, hook: dict[str, Any]) -> None:
    await conversation.made["inbox"].store_hook(conversation.account_id, json.dumps(hook).encode())


async def test_a_chat_that_is_to_be_marked_read_is_not_read_again(conversation: ConversationSetup) -> None:
    await conversation.buyer("А торг?")
    await refused(conversation, "{chat}/read")
    standing = await conversation.show()
    assert (standing.trouble, standing.is_read, standing.to_show) == (Trouble.TURN, True, True)
    assert (await conversation.said())[-1] == "А торг?"
    assert await next_attempt(conversation, standing) == ["POST /messenger/v1/read"]


async def test_a_reply_that_is_refused_is_the_first_call_of_the_next_attempt(conversation: ConversationSetup) -> None:
    await conversation.staff("Да, продаётся")
    await refused(conversation, "v1{chat}/messages")
    standing = await conversation.answer()
    assert (standing.trouble, standing.to_send) == (Trouble.TURN, True)
    [send] = await conversation.sends()
    assert (send.status, send.attempts, send.started_at) == (SendStatus.PENDING, 0, None)
    conversation.wait(LONG)
    conversation.build()
    conversation.sandbox.world.journal.clear()
    await conversation.answer()
    assert calls(conversation)[0] == "POST /messenger/v1/messages"
    assert conversation.sent_to_buyer() == ["Да, продаётся"]


@pytest.mark.parametrize("before", [False, True])
async def test_an_auto_reply_that_is_put_off_is_posted_without_another_reading(
    new_conversation: ConversationSetup, before: bool
) -> None:
    """`before`: it is out of turn already, otherwise it is refused."""
    await new_conversation.change_organisation(
        auto_reply_enabled=True,
        auto_reply_always=True,
        auto_reply_mode=AutoReplyMode.ALWAYS,
        auto_reply_timezone="Europe/Moscow",
        auto_reply_text="Скоро ответим",
        auto_reply_delay_seconds=75,
    )
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    new_conversation.wait(76)
    path = "v3{chat}/messages/" if before else "v1{chat}/messages"
    await refused(new_conversation, path)
    standing = await new_conversation.auto_reply()
    assert standing.trouble is Trouble.TURN
    new_conversation.wait(LONG)
    new_conversation.build()
    new_conversation.sandbox.world.journal.clear()
    if before:
        await new_conversation.auto_reply()
        assert calls(new_conversation)[0] == "GET /messenger/v3/messages/"
    else:
        [send] = await new_conversation.sends()
        assert (send.status, send.attempts, send.started_at) == (SendStatus.PENDING, 0, None)
        await new_conversation.answer()
        assert calls(new_conversation)[0] == "POST /messenger/v1/messages"
    assert new_conversation.sent_to_buyer() == ["Скоро ответим"]
