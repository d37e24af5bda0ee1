"""Commands of staff in a topic: what they do, and what they answer; none of them ever reaches the buyer as a text."""

import pytest

from models.conversations.dialog import DialogState
from models.conversations.message import Author
from tests.conversation_setup import ConversationSetup


@pytest.fixture
async def talk(relay: ConversationSetup) -> ConversationSetup:
    await relay.change_organisation(canned_replies={"адрес": "{buyer}, ждём вас!", "плохой": "{скидка}"})
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    return relay


async def obey(talk: ConversationSetup, text: str, **more: int) -> str:
    await talk.staff(text, **more)
    await talk.answer()
    return (await talk.said())[-1]


async def test_getid_tells_group_and_topic(talk: ConversationSetup) -> None:
    said = await obey(talk, "/getid")
    assert str(talk.group) in said
    assert str((await talk.dialog()).telegram_topic_id) in said


async def test_an_unknown_command_is_answered_with_help(talk: ConversationSetup) -> None:
    assert "/t" in await obey(talk, "/что")
    assert talk.sent_to_buyer() == []


async def test_a_canned_reply_goes_out_filled_in(talk: ConversationSetup) -> None:
    said = await obey(talk, "/t адрес")
    assert talk.sent_to_buyer() == ["Ольга, ждём вас!"]
    assert "Ольга, ждём вас!" in said
    told = next(row for row in await talk.messages() if row.author is Author.STAFF)
    assert (told.kind, talk.body(told)["text"]) == ("text", "Ольга, ждём вас!")


@pytest.mark.parametrize(("text", "reason"), [("/t нет", "адрес"), ("/t плохой", "{скидка}"), ("/t", "адрес")])
async def test_a_canned_reply_that_cannot_go_says_why(talk: ConversationSetup, text: str, reason: str) -> None:
    assert reason in await obey(talk, text)
    assert talk.sent_to_buyer() == []


async def test_close_closes_dialog_and_topic(talk: ConversationSetup) -> None:
    await obey(talk, "/close")
    dialog = await talk.dialog()
    assert dialog.state is DialogState.CLOSED
    assert dialog.topic_closed


async def test_del_deletes_at_the_buyers(talk: ConversationSetup) -> None:
    written = await talk.staff("Ошибся")
    await talk.answer()
    assert "Удалено" in await obey(talk, "/del", reply_to=written)
    assert [one["type"] for one in talk.chat()] == ["text", "deleted"]
    await talk.show()
    assert "Удалено" in (await talk.said())[-1]


async def test_del_after_an_hour_says_that_it_is_too_late(talk: ConversationSetup) -> None:
    written = await talk.staff("Ошибся")
    await talk.answer()
    talk.wait(3700)
    assert "в течение часа" in await obey(talk, "/del", reply_to=written)


async def test_del_without_a_message_says_what_to_do(talk: ConversationSetup) -> None:
    assert "Ответьте командой /del" in await obey(talk, "/del")


async def test_block_silences_the_buyer_here_and_at_avito(talk: ConversationSetup) -> None:
    assert "заблокирован" in await obey(talk, "/block")
    assert len(talk.sandbox.calls("/blacklist")) == 1
    assert (await talk.dialog()).muted_at is not None
    await obey(talk, "/unblock")
    assert (await talk.dialog()).muted_at is None


async def test_retry_with_nothing_to_retry_says_so(talk: ConversationSetup) -> None:
    assert "нечего" in await obey(talk, "/retry")
