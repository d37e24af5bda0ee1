"""Our own budget of sends per group: messages first, fair among dialogs, queued texts as one, nothing lost."""

import pytest

from activities.conversations.core.messages import Conversation
from tests.conversation_setup import ConversationSetup


@pytest.fixture
async def conversation(new_conversation: ConversationSetup) -> ConversationSetup:
    """Telegram's own limit stands behind ours: 20 a minute."""
    await new_conversation.buyer("Начало")
    await new_conversation.show()
    new_conversation.build(per_minute=20)
    await new_conversation.sandbox.post(f"/groups/{new_conversation.group}/limit", per_minute=20)
    return new_conversation


async def drained(conversation: ConversationSetup) -> int:
    """How many turns it took; each waits for what it was told."""
    for turn in range(1, 60):
        standing = await conversation.show()
        if not standing.to_show:
            return turn
        assert standing.show_at is not None
        conversation.wait(max(0.0, (standing.show_at - conversation.now()).total_seconds()))
    raise AssertionError("it never ends")


async def test_queued_texts_go_as_one_message(conversation: ConversationSetup) -> None:
    for number in range(50):
        await conversation.buyer(f"Вопрос {number}")
    await conversation.show()
    said = (await conversation.said())[1:]
    assert len(said) < 10
    assert "\n\n".join(said) == "\n\n".join(f"Вопрос {number}" for number in range(50))


async def test_pictures_wait_for_their_turn_and_all_come_in_order(conversation: ConversationSetup) -> None:
    for _ in range(30):
        await conversation.buyer(type="image")
    turns = await drained(conversation)
    assert turns > 1
    assert (await conversation.said())[1:] == ["[photo]"] * 30
    assert (await conversation.messages())[-1].show_attempts == 1


async def test_two_dialogs_share_the_budget(conversation: ConversationSetup) -> None:
    made = await conversation.sandbox.post(f"/accounts/{conversation.user_id}/chats", buyer_name="Пётр")
    for _ in range(25):
        await conversation.buyer(type="image")
    first = await conversation.show()
    assert first.trouble == "budget"
    assert first.show_at is not None
    other = Conversation(conversation.account_id, made["chat_id"])
    await conversation.sandbox.post(
        f"/accounts/{conversation.user_id}/chats/{made['chat_id']}/messages", text="Я тоже тут"
    )
    second = await conversation.made["show"].show(other)
    assert second.trouble == "budget"
    assert second.show_at is not None
    assert second.show_at > first.show_at


async def test_a_reaction_waits_behind_messages(conversation: ConversationSetup) -> None:
    for _ in range(25):
        await conversation.buyer(type="image")
    await conversation.show()
    written = await conversation.staff("Да")
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]
    assert standing.to_show
    assert await conversation.reactions(written) == []
    await drained(conversation)
    assert await conversation.reactions(written) == ["👌"]
