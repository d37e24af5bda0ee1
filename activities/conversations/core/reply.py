"""A manager's answer to a buyer, written in our app: stored at once, sent by the dialog's workflow."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.content import Kind
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import EmptyMessage, NotFound, WrongStep
from models import Account, Message
from models.conversations.dialog import DialogState
from models.conversations.dialog_list import dialog_of
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import seal

NO_DIALOG: Final = "Диалог не найден."
CLOSED: Final = "Диалог закрыт. Откройте его снова."
GONE: Final = "Аккаунт Avito этого диалога отключён: ответить покупателю нельзя."
EMPTY: Final = "Напишите сообщение."


@dataclass(frozen=True)
class Reply:
    """`EmptyMessage` for one without a text."""

    organisation_id: UUID
    dialog_id: UUID
    manager_id: UUID
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.text:
            raise EmptyMessage(EMPTY)


async def queue_reply(session: AsyncSession, keyring: Keyring, reply: Reply, now: datetime) -> Message:
    """Store the message as pending; the caller wakes the workflow after the commit."""
    dialog = await dialog_of(session, reply.organisation_id, reply.dialog_id, lock=True)
    if dialog is None:
        raise NotFound(NO_DIALOG)
    if dialog.state is DialogState.CLOSED:
        raise WrongStep(CLOSED)
    if await Account.live(session, dialog.avito_account_id) is None:
        raise WrongStep(GONE)
    message = Message(
        dialog_id=dialog.id,
        source_key=f"api:{uuid4()}",
        direction=Direction.TELEGRAM,
        author=Author.API,
        kind=Kind.TEXT.value,
        body_sealed=seal(keyring, BODY, {"text": reply.text}),
        status=Delivery.PENDING,
        manager_id=reply.manager_id,
        created_at=now,
        received_at=now,
    )
    session.add(message)
    return message
