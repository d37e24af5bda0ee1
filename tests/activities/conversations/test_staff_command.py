"""Commands of staff in a topic: what they do, and what they answer; none of them ever reaches the buyer as a text."""

import pytest

from models.conversations.dialog import DialogState
from models.conversations.message import Author
from tests.conversation_setup import ConversationSetup


@pytest.fixture
async def conversation(new_conversation: ConversationSetup) -> ConversationSetup:
    await new_conversation.change_organisation(canned_replies={"адрес": "{buyer}, ждём вас!", "плохой": "{скидка}"})
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    return new_conversation


async def obey(conversation: ConversationSetup, text: str, **more: int) -> str:
    await conversation.staff(text, **more)
    await conversation.answer()
    return (await conversation.said())[-1]


async def test_getid_tells_group_and_topic(conversation: ConversationSetup) -> None:
    said = await obey(conversation, "/getid")
    assert str(conversation.group) in said
    assert str((await conversation.dialog()).telegram_topic_id) in said


async def test_an_unknown_command_is_answered_with_help(conversation: ConversationSetup) -> None:
    assert "/t" in await obey(conversation, "/что")
    assert conversation.sent_to_buyer() == []


async def test_a_canned_reply_goes_out_filled_in(conversation: ConversationSetup) -> None:
    said = await obey(conversation, "/t адрес")
    assert conversation.sent_to_buyer() == ["Ольга, ждём вас!"]
    assert "Ольга, ждём вас!" in said
    told = next(row for row in await conversation.messages() if row.author is Author.STAFF)
    assert (told.kind, conversation.body(told)["text"]) == ("text", "Ольга, ждём вас!")


@pytest.mark.parametrize(("text", "reason"), [("/t нет", "адрес"), ("/t плохой", "{скидка}"), ("/t", "адрес")])
async def test_a_canned_reply_that_cannot_go_says_why(conversation: ConversationSetup, text: str, reason: str) -> None:
    assert reason in await obey(conversation, text)
    assert conversation.sent_to_buyer() == []


async def test_close_closes_dialog_and_topic(conversation: ConversationSetup) -> None:
    await obey(conversation, "/close")
    dialog = await conversation.dialog()
    assert dialog.state is DialogState.CLOSED
    assert dialog.topic_closed


async def test_del_deletes_at_the_buyers(conversation: ConversationSetup) -> None:
    written = await conversation.staff("Ошибся")
    await conversation.answer()
    assert "Удалено" in await obey(conversation, "/del", reply_to=written)
    assert [one["type"] for one in conversation.chat()] == ["text", "deleted"]
    await conversation.show()
    assert "Удалено" in (await conversation.said())[-1]


async def test_del_after_an_hour_says_that_it_is_too_late(conversation: ConversationSetup) -> None:
    written = await conversation.staff("Ошибся")
    await conversation.answer()
    conversation.wait(3700)
    assert "в течение часа" in await obey(conversation, "/del", reply_to=written)


async def test_del_without_a_message_says_what_to_do(conversation: ConversationSetup) -> None:
    assert "Ответьте командой /del" in await obey(conversation, "/del")


async def test_block_silences_the_buyer_here_and_at_avito(conversation: ConversationSetup) -> None:
    assert "заблокирован" in await obey(conversation, "/block")
    assert len(conversation.sandbox.calls("/blacklist")) == 1
    assert (await conversation.dialog()).muted_at is not None
    await obey(conversation, "/unblock")
    assert (await conversation.dialog()).muted_at is None


async def test_retry_with_nothing_to_retry_says_so(conversation: ConversationSetup) -> None:
    assert "нечего" in await obey(conversation, "/retry")
