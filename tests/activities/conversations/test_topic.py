"""The topic of a dialog follows it: made again when it is gone, opened and closed, found in a group that moved."""

from models.conversations.dialog import DialogState
from models.conversations.message import Delivery
from tests.activities.conversations.faulty_gateways import TopicsVanish
from tests.conversation_setup import ConversationSetup


async def test_a_deleted_topic_is_made_again_with_card_and_the_last_messages(conversation: ConversationSetup) -> None:
    await conversation.staff("Да")
    await conversation.answer()
    first = await conversation.dialog()
    await conversation.sandbox.post(f"/groups/{conversation.group}/topics/{first.telegram_topic_id}/delete")
    await conversation.buyer("А торг?")
    standing = await conversation.show()
    dialog = await conversation.dialog()
    assert dialog.telegram_topic_id != first.telegram_topic_id
    card, before, message = await conversation.topic()
    assert card["pinned"]
    assert "Покупатель Ольга: Ещё продаётся?" in before["text"]
    assert [one["type"] for one in before["entities"]] == ["blockquote"]
    assert "Мы: Да" in before["text"]
    assert message["text"] == "Покупатель: А торг?"
    assert not standing.to_show


async def test_a_topic_that_is_deleted_again_and_again_is_made_once_per_turn(conversation: ConversationSetup) -> None:
    made = len(conversation.sandbox.calls("createForumTopic"))
    conversation.build(telegram=TopicsVanish(conversation.telegram))
    await conversation.buyer("А торг?")
    standing = await conversation.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    assert standing.show_at is not None
    assert len(conversation.sandbox.calls("createForumTopic")) == made + 1
    conversation.build()
    await conversation.show()
    assert (await conversation.said())[-1] == "А торг?"


async def test_a_topic_closed_by_staff_closes_the_dialog_and_a_new_message_opens_both(
    conversation: ConversationSetup,
) -> None:
    dialog = await conversation.dialog()
    await conversation.sandbox.post(f"/groups/{conversation.group}/topics/{dialog.telegram_topic_id}/close")
    await conversation.hear()
    assert (await conversation.dialog()).state is DialogState.CLOSED
    await conversation.buyer("Вы тут?")
    await conversation.show()
    dialog = await conversation.dialog()
    assert dialog.state is DialogState.ACTIVE
    assert not dialog.topic_closed
    topic = await conversation.sandbox.get(f"/groups/{conversation.group}/topics/{dialog.telegram_topic_id}")
    assert not topic["closed"]
    assert (await conversation.said())[-1] == "Вы тут?"


async def test_a_topic_that_telegram_holds_closed_is_reopened(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("telegram", "topic-closed", times=1, path="sendMessage")
    await conversation.buyer("Вы тут?")
    await conversation.show()
    assert (await conversation.said())[-1] == "Вы тут?"


async def test_closing_and_reopening_a_dialog_takes_its_topic_along(conversation: ConversationSetup) -> None:
    assert (await conversation.change("close")).to_show
    await conversation.show()
    dialog = await conversation.dialog()
    path = f"/groups/{conversation.group}/topics/{dialog.telegram_topic_id}"
    assert (await conversation.sandbox.get(path))["closed"]
    assert not (await conversation.show()).to_show
    await conversation.change("reopen")
    await conversation.show()
    assert not (await conversation.sandbox.get(path))["closed"]


async def test_a_group_that_moved_is_followed(conversation: ConversationSetup) -> None:
    moved = (await conversation.sandbox.post(f"/groups/{conversation.group}/migrate"))["chat_id"]
    await conversation.buyer("Вы тут?")
    await conversation.show()
    assert (await conversation.dialog()).telegram_chat_id == moved
    assert (await conversation.said())[-1] == "Вы тут?"
    assert len(conversation.sandbox.calls("createForumTopic")) == 1


async def test_staff_go_on_answering_in_a_group_that_moved(conversation: ConversationSetup) -> None:
    before = await conversation.staff("Да")
    conversation.group = (await conversation.sandbox.post(f"/groups/{conversation.group}/migrate"))["chat_id"]
    await conversation.hear()
    after = await conversation.staff("Приезжайте")
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да", "Приезжайте"]
    assert before < after


async def test_a_bot_that_was_put_out_of_the_group_keeps_the_messages(conversation: ConversationSetup) -> None:
    await conversation.sandbox.post(f"/groups/{conversation.group}/kick", bot_token=conversation.token)
    await conversation.buyer("Вы тут?")
    standing = await conversation.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    assert (await conversation.messages())[-1].status is Delivery.PENDING
    await conversation.sandbox.post(f"/groups/{conversation.group}/invite", bot_token=conversation.token)
    await conversation.show()
    assert (await conversation.said())[-1] == "Вы тут?"


async def test_another_group_of_the_bot_gets_a_topic_of_its_own(conversation: ConversationSetup) -> None:
    from models import Bot

    other = await conversation.sandbox.group(conversation.token)
    async with conversation.sessions.begin() as session:
        (await session.get_one(Bot, conversation.bot_id)).group_chat_id = other
    await conversation.buyer("Вы тут?")
    await conversation.show()
    assert (await conversation.dialog()).telegram_chat_id == other
    assert (await conversation.said())[-1] == "Вы тут?"
