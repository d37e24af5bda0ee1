"""A group that the bot cannot work in: said at once and in words, nothing is lost, and it heals by itself."""

from typing import Any

import pytest

from activities.conversations.core.messages import Conversation
from domain.conversations.group import ADVICE, GroupFault
from models import Bot
from models.channels.bot import BotStatus
from tests.conversation_setup import ConversationSetup


async def group(conversation: ConversationSetup, change: str, **body: Any) -> None:
    await conversation.sandbox.post(f"/groups/{conversation.group}/{change}", **body)


async def role(conversation: ConversationSetup, name: str) -> None:
    await group(conversation, "role", bot_token=conversation.token, role=name)


async def bot_of(conversation: ConversationSetup) -> Bot:
    async with conversation.sessions() as session:
        return await session.get_one(Bot, conversation.bot_id)


async def breaks(conversation: ConversationSetup, fault: GroupFault) -> None:
    match fault:
        case GroupFault.OUT:
            await group(conversation, "kick", bot_token=conversation.token)
        case GroupFault.NO_TOPICS:
            await group(conversation, "forum", is_forum=False)
        case GroupFault.MUTED:
            await role(conversation, "restricted")
        case GroupFault.NOT_ADMINISTRATOR:
            await role(conversation, "member")
        case _:
            await role(conversation, "no-topics")


async def heals(conversation: ConversationSetup) -> None:
    await group(conversation, "invite", bot_token=conversation.token)
    await group(conversation, "forum", is_forum=True)


@pytest.mark.parametrize("fault", [GroupFault.OUT, GroupFault.NO_TOPICS, GroupFault.MUTED])
async def test_a_refused_send_names_what_is_wrong_and_later_everything_comes_in_order(
    conversation: ConversationSetup, fault: GroupFault
) -> None:
    topic = (await conversation.dialog()).telegram_topic_id
    await breaks(conversation, fault)
    await conversation.buyer("Второе")
    await conversation.buyer("Третье")
    standing = await conversation.show()
    assert (standing.to_show, standing.trouble) == (True, "telegram")
    bot = await bot_of(conversation)
    assert (bot.status, bot.status_reason) == (BotStatus.ERROR, ADVICE[fault])
    assert bot.failing_since is not None
    await heals(conversation)
    conversation.wait(60)
    assert not (await conversation.show(1)).to_show
    assert await conversation.said() == ["Ещё продаётся?", "Второе", "Третье"]
    bot = await bot_of(conversation)
    assert (bot.status, bot.status_reason, bot.failing_since) == (BotStatus.ACTIVE, None, None)
    assert (await conversation.dialog()).telegram_topic_id == topic


@pytest.mark.parametrize(
    "fault", [GroupFault.OUT, GroupFault.NO_TOPICS, GroupFault.MUTED, GroupFault.NOT_ADMINISTRATOR, GroupFault.NO_RIGHT]
)
async def test_a_first_topic_that_cannot_be_made_is_no_secret(
    new_conversation: ConversationSetup, fault: GroupFault
) -> None:
    await breaks(new_conversation, fault)
    await new_conversation.buyer("Ещё продаётся?")
    assert (await new_conversation.show()).to_show
    bot = await bot_of(new_conversation)
    assert (bot.status, bot.status_reason) == (BotStatus.ERROR, ADVICE[fault])
    await heals(new_conversation)
    new_conversation.wait(60)
    assert not (await new_conversation.show(1)).to_show
    assert await new_conversation.said() == ["Ещё продаётся?"]
    assert (await bot_of(new_conversation)).status is BotStatus.ACTIVE


async def test_a_revoked_token_is_no_secret(conversation: ConversationSetup) -> None:
    token = conversation.sandbox.world.telegram.bots.pop(conversation.token)
    await conversation.buyer("Второе")
    assert (await conversation.show()).to_show
    bot = await bot_of(conversation)
    assert bot.status is BotStatus.ERROR
    assert "токен" in (bot.status_reason or "")
    conversation.sandbox.world.telegram.bots[conversation.token] = token
    conversation.wait(60)
    await conversation.show(1)
    assert (await conversation.said())[-1] == "Второе"
    assert (await bot_of(conversation)).status is BotStatus.ACTIVE


async def test_a_message_that_is_refused_for_itself_does_not_accuse_the_bot(conversation: ConversationSetup) -> None:
    await conversation.sandbox.post(
        f"/groups/{conversation.group}/topics/{(await conversation.dialog()).telegram_topic_id}/delete"
    )
    await conversation.buyer("Второе")
    assert not (await conversation.show()).to_show
    assert (await bot_of(conversation)).status is BotStatus.ACTIVE


async def test_dialogs_that_wait_ask_one_question_in_turn_and_leave_avito_alone(
    conversation: ConversationSetup,
) -> None:
    await breaks(conversation, GroupFault.OUT)
    await conversation.buyer("Второе")
    await conversation.show()
    conversation.wait(60)
    conversation.sandbox.world.journal.clear()
    again = Conversation(conversation.account_id, conversation.chat_id, 3, is_read=True)
    for _ in range(20):
        standing = await conversation.made["show"].show(again)
        assert (standing.to_show, standing.trouble) == (True, "telegram")
    assert [call["method"] for call in conversation.sandbox.world.journal.view()] == ["getChat"]


async def test_another_worker_finds_the_gate_shut_and_opens_it_for_all(conversation: ConversationSetup) -> None:
    await breaks(conversation, GroupFault.OUT)
    await conversation.buyer("Второе")
    await conversation.show()
    first = conversation.made
    conversation.build()
    conversation.wait(30)
    await conversation.show(1)
    conversation.sandbox.world.journal.clear()
    conversation.made, second = first, conversation.made
    await conversation.show(1)
    assert conversation.sandbox.calls("getChat") == []
    await heals(conversation)
    conversation.wait(60)
    await conversation.show(1)
    conversation.made = second
    await conversation.buyer("Третье")
    await conversation.show(1)
    assert (await conversation.said())[-2:] == ["Второе", "Третье"]
