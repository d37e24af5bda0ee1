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
from tests.activities.relay_desk import RelayDesk
from tests.factories import stored


@pytest.fixture
async def talk(relay: RelayDesk) -> RelayDesk:
    """A buyer waits for an answer, and was reminded of."""
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    async with relay.sessions.begin() as session:
        dialog = await session.get_one(Dialog, (await relay.dialog()).id)
        dialog.auto_reply_due_at = dialog.reminded_topic_at = dialog.reminded_owner_at = relay.now()
    return relay


async def posted(talk: RelayDesk, author: Author, *, reaction: str | None = None) -> tuple[Send, Message, Dialog]:
    """A message of one send, which is claimed."""
    dialog = await talk.dialog()
    message = Message(
        dialog_id=dialog.id,
        source_key="one",
        direction=Direction.TELEGRAM,
        author=author,
        kind="text",
        body_sealed=seal(talk.keyring, BODY, {"text": "Да"}),
        telegram_message_id=7 if author is Author.STAFF else None,
        reaction=reaction,
        failure="раньше не вышло",
        created_at=talk.now(),
        received_at=talk.now(),
    )
    await stored(talk.sessions, message)
    send = Send(dialog_id=dialog.id, message_id=message.id, ordinal=0, kind=Kind.TEXT, created_at=talk.now())
    claim_new(send, talk.now())
    return await stored(talk.sessions, send), message, dialog


async def arrive(talk: RelayDesk, send: Send, message: Message, dialog: Dialog, *, whole: bool = True) -> None:
    talk.wait(3)
    now = talk.now()
    mark_sent(send, "avito-1", now)
    if whole:
        mark_accepted(dialog, message, now)
    async with at_once(talk.sessions).connect() as connection:
        await settle(connection, send, message, dialog, whole=whole)


async def fresh(talk: RelayDesk, row: SQLModel) -> dict[str, object]:
    async with talk.sessions() as session:
        return (await session.get_one(type(row), row.id)).model_dump()  # type: ignore[attr-defined]


@pytest.mark.parametrize("reaction", [None, "👌", "✍"])
@pytest.mark.parametrize("author", [Author.STAFF, Author.API, Author.AUTO])
async def test_rows_are_as_in_hand_whoever_wrote_the_message(
    talk: RelayDesk, author: Author, reaction: str | None
) -> None:
    rows = await posted(talk, author, reaction=reaction)
    await arrive(talk, *rows)
    for row in rows:
        assert await fresh(talk, row) == row.model_dump()
    async with talk.sessions() as session:
        session.add_all(rows)
        assert not any(session.is_modified(row) for row in rows)


async def test_of_a_message_with_more_parts_only_the_send_has_arrived(talk: RelayDesk) -> None:
    send, message, dialog = await posted(talk, Author.STAFF)
    before = await fresh(talk, dialog)
    await arrive(talk, send, message, dialog, whole=False)
    assert await fresh(talk, send) == send.model_dump()
    assert (await fresh(talk, message))["status"] is Delivery.PENDING
    assert await fresh(talk, dialog) == before


async def test_an_auto_reply_leaves_what_others_said_of_the_dialog_meanwhile(talk: RelayDesk) -> None:
    rows = await posted(talk, Author.AUTO)
    async with talk.sessions.begin() as session:
        changed = await session.get_one(Dialog, rows[2].id)
        changed.first_unanswered_at = changed.reminded_topic_at = None
        changed.last_human_reply_at = talk.now()
    await arrive(talk, *rows)
    kept = await talk.dialog()
    assert kept.first_unanswered_at is None
    assert kept.reminded_topic_at is None
    assert kept.last_human_reply_at == changed.last_human_reply_at
    assert kept.auto_reply_last_sent_at == rows[2].auto_reply_last_sent_at is not None


async def test_an_answer_never_turns_the_last_one_of_a_person_back(talk: RelayDesk) -> None:
    rows = await posted(talk, Author.STAFF)
    later = talk.now() + timedelta(minutes=1)
    async with talk.sessions.begin() as session:
        (await session.get_one(Dialog, rows[2].id)).last_human_reply_at = later
    await arrive(talk, *rows)
    assert (await talk.dialog()).last_human_reply_at == later


async def test_a_claim_is_nobody_elses(talk: RelayDesk) -> None:
    send, _, _ = await posted(talk, Author.STAFF)
    [other] = await talk.sends()
    async with at_once(talk.sessions).connect() as connection:
        assert await claim(connection, send, talk.now())
        assert not await claim(connection, other, talk.now())
    assert send.attempts == 2
    assert await fresh(talk, send) == send.model_dump()
