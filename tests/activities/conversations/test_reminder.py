"""A buyer whom nobody answers: the topic is reminded once, then the owner once."""

from models.people.manager import Role
from tests.conversation_setup import ConversationSetup
from tests.factories import make_manager


async def test_the_topic_is_reminded_once_and_then_the_owner(new_conversation: ConversationSetup) -> None:
    await make_manager(new_conversation.sessions, role=Role.OWNER, telegram_user_id=777001)
    await new_conversation.sandbox.post("/private/777001/messages", bot_token=new_conversation.token, text="/start")
    await new_conversation.change_organisation(unanswered_minutes=30)
    await new_conversation.buyer("Ещё продаётся?")
    standing = await new_conversation.show()
    assert standing.remind_at is not None
    new_conversation.wait(30 * 60 + 1)
    await new_conversation.remind()
    standing = await new_conversation.remind()
    assert ["⏰" in text for text in await new_conversation.said()] == [False, True]
    assert standing.remind_at is not None
    new_conversation.wait(30 * 60 + 1)
    await new_conversation.remind()
    standing = await new_conversation.remind()
    state = await new_conversation.sandbox.get("/state")
    private = [one for one in state["privates"] if one["user_id"] == 777001]
    told = [message["text"] for one in private for message in one["messages"] if message["by_bot"]]
    assert len(told) == 1
    assert "Велосипед Stels" in told[0]
    assert standing.remind_at is None


async def test_an_owner_who_never_wrote_to_the_bot_is_told_in_general(new_conversation: ConversationSetup) -> None:
    await make_manager(new_conversation.sessions, role=Role.OWNER, telegram_user_id=777002)
    await new_conversation.change_organisation(unanswered_minutes=30)
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    new_conversation.wait(60 * 60 + 1)
    await new_conversation.remind()
    await new_conversation.remind()
    group = await new_conversation.sandbox.get(f"/groups/{new_conversation.group}")
    assert any("⏰" in (message["text"] or "") for message in group["general"])


async def test_an_answered_buyer_reminds_nobody(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    await new_conversation.staff("Да")
    assert (await new_conversation.answer()).remind_at is None
