"""A buyer whom nobody answers: the topic is reminded once, then the owner once."""

from models.people.manager import Role
from tests.conversation_setup import ConversationSetup
from tests.factories import make_manager


async def test_the_topic_is_reminded_once_and_then_the_owner(relay: ConversationSetup) -> None:
    await make_manager(relay.sessions, role=Role.OWNER, telegram_user_id=777001)
    await relay.sandbox.post("/private/777001/messages", bot_token=relay.token, text="/start")
    await relay.change_organisation(unanswered_minutes=30)
    await relay.buyer("Ещё продаётся?")
    standing = await relay.show()
    assert standing.remind_at is not None
    relay.wait(30 * 60 + 1)
    await relay.remind()
    standing = await relay.remind()
    assert ["⏰" in text for text in await relay.said()] == [False, True]
    assert standing.remind_at is not None
    relay.wait(30 * 60 + 1)
    await relay.remind()
    standing = await relay.remind()
    state = await relay.sandbox.get("/state")
    private = [one for one in state["privates"] if one["user_id"] == 777001]
    told = [message["text"] for one in private for message in one["messages"] if message["by_bot"]]
    assert len(told) == 1
    assert "Велосипед Stels" in told[0]
    assert standing.remind_at is None


async def test_an_owner_who_never_wrote_to_the_bot_is_told_in_general(relay: ConversationSetup) -> None:
    await make_manager(relay.sessions, role=Role.OWNER, telegram_user_id=777002)
    await relay.change_organisation(unanswered_minutes=30)
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    relay.wait(60 * 60 + 1)
    await relay.remind()
    await relay.remind()
    group = await relay.sandbox.get(f"/groups/{relay.group}")
    assert any("⏰" in (message["text"] or "") for message in group["general"])


async def test_an_answered_buyer_reminds_nobody(relay: ConversationSetup) -> None:
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    await relay.staff("Да")
    assert (await relay.answer()).remind_at is None
