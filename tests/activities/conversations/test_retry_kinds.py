"""«Retry» sends again exactly what the list of dialogs counts as failed, whatever the kind of the message."""

import pytest

from activities.conversations.core.dialog import reopen_failed
from domain.conversations.content import INTERNAL, Kind
from models import Dialog, Message
from models.conversations.dialog_list import count_dialogs
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import seal
from models.people.organisation import FIRST
from tests.conversation_setup import ConversationSetup
from tests.factories import stored


@pytest.mark.parametrize("kind", Kind)
async def test_what_counts_as_failed_is_what_a_retry_sends_again(conversation: ConversationSetup, kind: Kind) -> None:
    await conversation.buyer("Ещё продаётся?")
    await conversation.show()
    dialog = await conversation.dialog()
    message = Message(
        dialog_id=dialog.id,
        source_key="one",
        direction=Direction.TELEGRAM,
        author=Author.STAFF,
        kind=kind,
        body_sealed=seal(conversation.keyring, BODY, {"text": "Да"}),
        status=Delivery.FAILED,
        settled_at=conversation.now(),
        created_at=conversation.now(),
        received_at=conversation.now(),
    )
    await stored(conversation.sessions, message)
    async with conversation.sessions.begin() as session:
        counted = (await count_dialogs(session, FIRST))["failed"]
        again = await reopen_failed(session, await session.get_one(Dialog, dialog.id), None)
    assert (counted, len(again)) == ((0, 0) if kind in INTERNAL else (1, 1))
