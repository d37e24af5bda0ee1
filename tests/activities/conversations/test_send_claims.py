"""What stands in the rows after a send has arrived: the same as in hand, and nothing of what others have written."""

from datetime import timedelta

import pytest
from sqlmodel import SQLModel

from activities.conversations.avito_side.echo import mark_sent
from activities.conversations.core.snapshot import mark_accepted
from domain.conversations.content import Kind
from models import Dialog, Message, Send
from models.conversations.message import BODY, Author, Delivery, Direction
from models.conversations.send_claims import claim, claim_new, settle
from models.kernel.columns import seal
from models.kernel.database import at_once
from tests.conversation_setup import ConversationSetup
from tests.factories import stored


@pytest.fixture
async def conversation(new_conversation: ConversationSetup) -> ConversationSetup:
    """A buyer waits for an answer, and was reminded of."""
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    async with new_conversation.sessions.begin() as session:
        dialog = await session.get_one(Dialog, (await new_conversation.dialog()).id)
        dialog.auto_reply_due_at = dialog.reminded_topic_at = dialog.reminded_owner_at = new_conversation.now()
    return new_conversation


async def posted(
    conversation: ConversationSetup, author: Author, *, reaction: str | None = None
) -> tuple[Send, Message, Dialog]:
    """A message of one send, which is claimed."""
    dialog = await conversation.dialog()
    message = Message(
        dialog_id=dialog.id,
        source_key="one",
        direction=Direction.TELEGRAM,
        author=author,
        kind="text",
        body_sealed=seal(conversation.keyring, BODY, {"text": "Да"}),
        telegram_message_id=7 if author is Author.STAFF else None,
        reaction=reaction,
        failure="раньше не вышло",
        created_at=conversation.now(),
        received_at=conversation.now(),
    )
    await stored(conversation.sessions, message)
    send = Send(dialog_id=dialog.id, message_id=message.id, ordinal=0, kind=Kind.TEXT, created_at=conversation.now())
    claim_new(send, conversation.now())
    return await stored(conversation.sessions, send), message, dialog


async def arrive(
    conversation: ConversationSetup, send: Send, message: Message, dialog: Dialog, *, whole: bool = True
) -> None:
    conversation.wait(3)
    now = conversation.now()
    mark_sent(send, "avito-1", now)
    if whole:
        mark_accepted(dialog, message, now)
    async with at_once(conversation.sessions).connect() as connection:
        await settle(connection, send, message, dialog, whole=whole)


async def fresh(conversation: ConversationSetup, row: SQLModel) -> dict[str, object]:
    async with conversation.sessions() as session:
        return (await session.get_one(type(row), row.id)).model_dump()  # type: ignore[attr-defined]


@pytest.mark.parametrize("reaction", [None, "👌", "✍"])
@pytest.mark.parametrize("author", [Author.STAFF, Author.API, Author.AUTO])
async def test_rows_are_as_in_hand_whoever_wrote_the_message(
    conversation: ConversationSetup, author: Author, reaction: str | None
) -> None:
    rows = await posted(conversation, author, reaction=reaction)
    await arrive(conversation, *rows)
    for row in rows:
        assert await fresh(conversation, row) == row.model_dump()
    async with conversation.sessions() as session:
        session.add_all(rows)
        assert not any(session.is_modified(row) for row in rows)


async def test_of_a_message_with_more_parts_only_the_send_has_arrived(conversation: ConversationSetup) -> None:
    send, message, dialog = await posted(conversation, Author.STAFF)
    before = await fresh(conversation, dialog)
    await arrive(conversation, send, message, dialog, whole=False)
    assert await fresh(conversation, send) == send.model_dump()
    assert (await fresh(conversation, message))["status"] is Delivery.PENDING
    assert await fresh(conversation, dialog) == before


async def test_an_auto_reply_leaves_what_others_said_of_the_dialog_meanwhile(conversation: ConversationSetup) -> None:
    rows = await posted(conversation, Author.AUTO)
    async with conversation.sessions.begin() as session:
        changed = await session.get_one(Dialog, rows[2].id)
        changed.first_unanswered_at = changed.reminded_topic_at = None
        changed.last_human_reply_at = conversation.now()
    await arrive(conversation, *rows)
    kept = await conversation.dialog()
    assert kept.first_unanswered_at is None
    assert kept.reminded_topic_at is None
    assert kept.last_human_reply_at == changed.last_human_reply_at
    assert kept.auto_reply_last_sent_at == rows[2].auto_reply_last_sent_at is not None


async def test_an_answer_never_turns_the_last_one_of_a_person_back(conversation: ConversationSetup) -> None:
    rows = await posted(conversation, Author.STAFF)
    later = conversation.now() + timedelta(minutes=1)
    async with conversation.sessions.begin() as session:
        (await session.get_one(Dialog, rows[2].id)).last_human_reply_at = later
    await arrive(conversation, *rows)
    assert (await conversation.dialog()).last_human_reply_at == later


async def test_a_claim_is_nobody_elses(conversation: ConversationSetup) -> None:
    send, _, _ = await posted(conversation, Author.STAFF)
    [other] = await conversation.sends()
    async with at_once(conversation.sessions).connect() as connection:
        assert await claim(connection, send, conversation.now())
        assert not await claim(connection, other, conversation.now())
    assert send.attempts == 2
    assert await fresh(conversation, send) == send.model_dump()
