"""The topic of a dialog follows it: made again when it is gone, opened and closed, found in a group that moved."""

from models.conversations.dialog import DialogState
from models.conversations.message import Delivery
from tests.activities.conversations.faulty_gateways import TopicsVanish
from tests.conversation_setup import ConversationSetup


async def test_a_deleted_topic_is_made_again_with_card_and_the_last_messages(talk: ConversationSetup) -> None:
    await talk.staff("Да")
    await talk.answer()
    first = await talk.dialog()
    await talk.sandbox.post(f"/groups/{talk.group}/topics/{first.telegram_topic_id}/delete")
    await talk.buyer("А торг?")
    standing = await talk.show()
    dialog = await talk.dialog()
    assert dialog.telegram_topic_id != first.telegram_topic_id
    card, before, message = await talk.topic()
    assert card["pinned"]
    assert "Ольга: Ещё продаётся?" in before["text"]
    assert "Мы: Да" in before["text"]
    assert message["text"] == "А торг?"
    assert not standing.to_show


async def test_a_topic_that_is_deleted_again_and_again_is_made_once_per_turn(talk: ConversationSetup) -> None:
    made = len(talk.sandbox.calls("createForumTopic"))
    talk.build(telegram=TopicsVanish(talk.telegram))
    await talk.buyer("А торг?")
    standing = await talk.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    assert standing.show_at is not None
    assert len(talk.sandbox.calls("createForumTopic")) == made + 1
    talk.build()
    await talk.show()
    assert (await talk.said())[-1] == "А торг?"


async def test_a_topic_closed_by_staff_closes_the_dialog_and_a_new_message_opens_both(talk: ConversationSetup) -> None:
    dialog = await talk.dialog()
    await talk.sandbox.post(f"/groups/{talk.group}/topics/{dialog.telegram_topic_id}/close")
    await talk.hear()
    assert (await talk.dialog()).state is DialogState.CLOSED
    await talk.buyer("Вы тут?")
    await talk.show()
    dialog = await talk.dialog()
    assert dialog.state is DialogState.ACTIVE
    assert not dialog.topic_closed
    topic = await talk.sandbox.get(f"/groups/{talk.group}/topics/{dialog.telegram_topic_id}")
    assert not topic["closed"]
    assert (await talk.said())[-1] == "Вы тут?"


async def test_a_topic_that_telegram_holds_closed_is_reopened(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("telegram", "topic-closed", times=1, path="sendMessage")
    await talk.buyer("Вы тут?")
    await talk.show()
    assert (await talk.said())[-1] == "Вы тут?"


async def test_closing_and_reopening_a_dialog_takes_its_topic_along(talk: ConversationSetup) -> None:
    assert (await talk.change("close")).to_show
    await talk.show()
    dialog = await talk.dialog()
    path = f"/groups/{talk.group}/topics/{dialog.telegram_topic_id}"
    assert (await talk.sandbox.get(path))["closed"]
    assert not (await talk.show()).to_show
    await talk.change("reopen")
    await talk.show()
    assert not (await talk.sandbox.get(path))["closed"]


async def test_a_group_that_moved_is_followed(talk: ConversationSetup) -> None:
    moved = (await talk.sandbox.post(f"/groups/{talk.group}/migrate"))["chat_id"]
    await talk.buyer("Вы тут?")
    await talk.show()
    assert (await talk.dialog()).telegram_chat_id == moved
    assert (await talk.said())[-1] == "Вы тут?"
    assert len(talk.sandbox.calls("createForumTopic")) == 1


async def test_staff_go_on_answering_in_a_group_that_moved(talk: ConversationSetup) -> None:
    before = await talk.staff("Да")
    talk.group = (await talk.sandbox.post(f"/groups/{talk.group}/migrate"))["chat_id"]
    await talk.hear()
    after = await talk.staff("Приезжайте")
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да", "Приезжайте"]
    assert before < after


async def test_a_bot_that_was_put_out_of_the_group_keeps_the_messages(talk: ConversationSetup) -> None:
    await talk.sandbox.post(f"/groups/{talk.group}/kick", bot_token=talk.token)
    await talk.buyer("Вы тут?")
    standing = await talk.show()
    assert standing.to_show
    assert standing.trouble == "telegram"
    assert (await talk.messages())[-1].status is Delivery.PENDING
    await talk.sandbox.post(f"/groups/{talk.group}/invite", bot_token=talk.token)
    await talk.show()
    assert (await talk.said())[-1] == "Вы тут?"


async def test_another_group_of_the_bot_gets_a_topic_of_its_own(talk: ConversationSetup) -> None:
    from models import Bot

    other = await talk.sandbox.group(talk.token)
    async with talk.sessions.begin() as session:
        (await session.get_one(Bot, talk.bot_id)).group_chat_id = other
    await talk.buyer("Вы тут?")
    await talk.show()
    assert (await talk.dialog()).telegram_chat_id == other
    assert (await talk.said())[-1] == "Вы тут?"
