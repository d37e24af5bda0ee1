"""An edited message of staff: silence, unless the buyer has something else than the topic shows."""

from typing import Any

import pytest

from domain.conversations.limits import EDIT_SENDS_NOTHING, EDITED
from models import Attachment, Bot
from models.conversations.message import SOURCE, Delivery
from models.conversations.sends import attachments_of
from models.kernel.columns import unseal
from sandbox.telegram.kinds import sample_png
from tests.conversation_setup import ConversationSetup


async def edit(conversation: ConversationSetup, message_id: int, text: str | None) -> None:
    dialog = await conversation.dialog()
    path = f"/groups/{conversation.group}/topics/{dialog.telegram_topic_id}/messages/edit"
    await conversation.sandbox.post(path, message_id=message_id, text=text)
    await conversation.hear()
    await conversation.answer()


async def told(conversation: ConversationSetup) -> list[str]:
    return [text for text in await conversation.said() if text in (EDITED, EDIT_SENDS_NOTHING)]


async def reported(conversation: ConversationSetup, message_id: int, update_id: int, **content: Any) -> None:
    """An `edited_message` as it comes for a reaction, a preview, a pin, or other media."""
    dialog = await conversation.dialog()
    message = {
        "message_id": message_id,
        "date": int(conversation.now().timestamp()),
        "edit_date": int(conversation.now().timestamp()),
        "chat": {"id": conversation.group, "type": "supergroup", "title": "Продажи", "is_forum": True},
        "from": {"id": 501, "is_bot": False, "first_name": "Анна"},
        "message_thread_id": dialog.telegram_topic_id,
        "is_topic_message": True,
        **content,
    }
    async with conversation.sessions() as session:
        bot = await session.get_one(Bot, conversation.bot_id)
    await conversation.made["inbox"].store_update(bot, {"update_id": update_id, "edited_message": message})
    await conversation.answer()


async def test_an_edit_that_changes_nothing_is_passed_over(conversation: ConversationSetup) -> None:
    written = await conversation.staff("Цена 100 https://a.ru")
    await conversation.answer()
    before = len(await conversation.messages())
    bold = [{"type": "bold", "offset": 0, "length": 4}]
    contents: list[dict[str, Any]] = [{}, {"entities": bold}, {"link_preview_options": {"is_disabled": True}}]
    for number, content in enumerate(contents):
        await reported(conversation, written, 10_000 + number, text="Цена 100 https://a.ru", **content)
    await reported(conversation, written, 10_009, text="Цена  100 https://a.ru ")
    assert await told(conversation) == []
    assert len(await conversation.messages()) == before


async def test_each_change_is_told_once_whatever_telegram_repeats(conversation: ConversationSetup) -> None:
    written = await conversation.staff("Цена 100")
    await conversation.answer()
    await edit(conversation, written, "Цена 200")
    assert await told(conversation) == [EDITED]
    await edit(conversation, written, None)
    # A reaction on it later, another number of the same change, and the taking back of it.
    await reported(conversation, written, 10_000, text="Цена 200")
    conversation.wait(30)
    await reported(conversation, written, 10_001, text="Цена 200")
    await edit(conversation, written, "Цена 100")
    assert await told(conversation) == [EDITED]
    # Within the same second as the one before.
    await edit(conversation, written, "Цена 300")
    assert await told(conversation) == [EDITED, EDITED]
    assert conversation.sent_to_buyer() == ["Цена 100"]


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("// скидку не давать", "// скидку давать"),
        ("// скидку не давать", "//скидку не давать"),
        ("/getid", "/getid "),
        ("/getid", "/close"),
        ("/позвони", "/del"),
    ],
)
async def test_edits_of_notes_and_commands_are_nobodys_business(
    conversation: ConversationSetup, written: str, edited: str
) -> None:
    message_id = await conversation.staff(written)
    await conversation.answer()
    before = await conversation.said()
    await edit(conversation, message_id, edited)
    assert await conversation.said() == before
    assert conversation.sent_to_buyer() == []


async def test_a_canned_reply_is_not_what_its_command_says(conversation: ConversationSetup) -> None:
    await conversation.change_organisation(canned_replies={"адрес": "Лесная, 1"})
    message_id = await conversation.staff("/t адрес")
    await conversation.answer()
    await edit(conversation, message_id, "/t другой")
    assert await told(conversation) == []
    await edit(conversation, message_id, "Лесная, 2")
    assert await told(conversation) == [EDITED]


async def test_a_note_that_becomes_an_answer_is_told_not_to_have_gone(conversation: ConversationSetup) -> None:
    message_id = await conversation.staff("// да, приезжайте")
    await conversation.answer()
    await edit(conversation, message_id, "да, приезжайте")
    assert await told(conversation) == [EDIT_SENDS_NOTHING]
    assert conversation.sent_to_buyer() == []


async def test_an_answer_that_becomes_a_note_is_with_the_buyer(conversation: ConversationSetup) -> None:
    message_id = await conversation.staff("Цена 100")
    await conversation.answer()
    await edit(conversation, message_id, "// Цена 100")
    assert await told(conversation) == [EDITED]


async def waiting(conversation: ConversationSetup, text: str) -> int:
    """A message that Avito could not be given yet."""
    await conversation.sandbox.fault("avito", "too-many", path="/messages")
    message_id = await conversation.staff(text)
    assert (await conversation.answer()).to_send
    conversation.wait(60)
    return message_id


async def recovered(conversation: ConversationSetup) -> None:
    conversation.sandbox.clear()
    conversation.wait(120)
    await conversation.answer()


async def test_an_edit_of_a_message_that_waits_is_what_goes(conversation: ConversationSetup) -> None:
    message_id = await waiting(conversation, "Цена 100")
    await edit(conversation, message_id, "Цена 200")
    await edit(conversation, message_id, "я" * 1500)
    await edit(conversation, message_id, "Цена 300")
    await recovered(conversation)
    assert conversation.sent_to_buyer() == ["Цена 300"]
    assert await told(conversation) == []
    await edit(conversation, message_id, "Цена 400")
    assert await told(conversation) == [EDITED]


async def test_a_message_that_waits_and_becomes_a_note_does_not_go(conversation: ConversationSetup) -> None:
    message_id = await waiting(conversation, "Он торгуется, не уступать")
    await edit(conversation, message_id, "// Он торгуется, не уступать")
    await recovered(conversation)
    assert conversation.sent_to_buyer() == []
    assert await told(conversation) == []


async def test_what_is_on_its_way_at_this_moment_counts_as_sent(conversation: ConversationSetup) -> None:
    message_id = await conversation.staff("Цена 100")
    await edit(conversation, message_id, "Цена 200")
    assert conversation.sent_to_buyer() == ["Цена 100"]
    assert await told(conversation) == [EDITED]


async def test_a_send_of_unknown_outcome_is_not_replaced(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "dropped", times=1, path="/messages")
    message_id = await conversation.staff("Цена 100")
    await conversation.answer()
    conversation.wait(5)
    await edit(conversation, message_id, "Цена 200")
    for seconds in (1, 8, 21, 1):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == ["Цена 100"]
    assert await told(conversation) == [EDITED]


async def test_a_retry_of_a_refused_message_sends_what_it_says_now(conversation: ConversationSetup) -> None:
    message_id = await conversation.staff("\u2800")
    await conversation.answer()
    [*_, row, _notice] = await conversation.messages()
    assert row.status is Delivery.FAILED
    await edit(conversation, message_id, "Цена 200")
    assert await told(conversation) == []
    assert conversation.sent_to_buyer() == []
    await conversation.change("retry")
    for _ in range(2):
        await conversation.answer()
        conversation.wait(5)
    assert conversation.sent_to_buyer() == ["Цена 200"]


async def test_another_picture_in_its_place_is_told(conversation: ConversationSetup) -> None:
    message_id = await conversation.staff(kind="photo", caption="Вот")
    await conversation.answer()
    [file] = await attachments(conversation)
    assert file.source_sealed is not None
    kept = (await conversation.messages())[-1]
    same = {"file_id": "another", "file_unique_id": conversation.body(kept)["unique"], "width": 9, "height": 9}
    await reported(conversation, message_id, 10_000, photo=[same], caption="Вот")
    assert await told(conversation) == []
    await reported(conversation, message_id, 10_001, photo=[same | {"file_unique_id": "x"}], caption="Вот")
    assert await told(conversation) == [EDITED]


async def test_another_picture_in_the_place_of_one_that_waits_is_what_goes(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "too-many")
    message_id = await conversation.staff(kind="photo", caption="Вот")
    await conversation.answer()
    conversation.wait(60)
    new = {"file_id": "new", "file_unique_id": "x", "width": 9, "height": 9, "file_size": len(sample_png())}
    await reported(conversation, message_id, 10_000, photo=[new], caption="Вот он")
    [file] = await attachments(conversation)
    assert file.source_sealed is not None
    assert unseal(conversation.keyring, SOURCE, file.source_sealed)["file_id"] == "new"
    assert await told(conversation) == []


async def test_an_edit_of_a_message_that_nobody_knows_is_passed_over(conversation: ConversationSetup) -> None:
    await reported(conversation, 999_999, 10_000, text="Да")
    assert await told(conversation) == []


async def attachments(conversation: ConversationSetup) -> list[Attachment]:
    async with conversation.sessions() as session:
        return list(await attachments_of(session, [row.id for row in await conversation.messages()]))
