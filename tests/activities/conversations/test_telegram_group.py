"""Our own budget of sends per group: messages first, fair among dialogs, queued texts as one, nothing lost."""

import pytest

from activities.conversations.core.messages import Conversation
from tests.conversation_setup import ConversationSetup


@pytest.fixture
async def talk(relay: ConversationSetup) -> ConversationSetup:
    """Telegram's own limit stands behind ours: 20 a minute."""
    await relay.buyer("Начало")
    await relay.show()
    relay.build(per_minute=20)
    await relay.sandbox.post(f"/groups/{relay.group}/limit", per_minute=20)
    return relay


async def drained(talk: ConversationSetup) -> int:
    """How many turns it took; each waits for what it was told."""
    for turn in range(1, 60):
        standing = await talk.show()
        if not standing.to_show:
            return turn
        assert standing.show_at is not None
        talk.wait(max(0.0, (standing.show_at - talk.now()).total_seconds()))
    raise AssertionError("it never ends")


async def test_queued_texts_go_as_one_message(talk: ConversationSetup) -> None:
    for number in range(50):
        await talk.buyer(f"Вопрос {number}")
    await talk.show()
    said = (await talk.said())[1:]
    assert len(said) < 10
    assert "\n\n".join(said) == "\n\n".join(f"Вопрос {number}" for number in range(50))


async def test_pictures_wait_for_their_turn_and_all_come_in_order(talk: ConversationSetup) -> None:
    for _ in range(30):
        await talk.buyer(type="image")
    turns = await drained(talk)
    assert turns > 1
    assert (await talk.said())[1:] == ["[photo]"] * 30
    assert (await talk.messages())[-1].show_attempts == 1


async def test_two_dialogs_share_the_budget(talk: ConversationSetup) -> None:
    made = await talk.sandbox.post(f"/accounts/{talk.user_id}/chats", buyer_name="Пётр")
    for _ in range(25):
        await talk.buyer(type="image")
    first = await talk.show()
    assert first.trouble == "budget"
    assert first.show_at is not None
    other = Conversation(talk.account_id, made["chat_id"])
    await talk.sandbox.post(f"/accounts/{talk.user_id}/chats/{made['chat_id']}/messages", text="Я тоже тут")
    second = await talk.made["show"].show(other)
    assert second.trouble == "budget"
    assert second.show_at is not None
    assert second.show_at > first.show_at


async def test_a_reaction_waits_behind_messages(talk: ConversationSetup) -> None:
    for _ in range(25):
        await talk.buyer(type="image")
    await talk.show()
    written = await talk.staff("Да")
    standing = await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]
    assert standing.to_show
    assert await talk.reactions(written) == []
    await drained(talk)
    assert await talk.reactions(written) == ["👌"]
