"""A manager's answer to a buyer, written in our app: stored at once, sent by the dialog's workflow."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.content import Kind
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import WrongStep, found
from models import Account, Manager, Message
from models.conversations.dialog import DialogState
from models.conversations.dialog_list import dialog_of
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import seal

NO_DIALOG: Final = "Диалог не найден."
CLOSED: Final = "Диалог закрыт. Откройте его снова."
GONE: Final = "Аккаунт Avito этого диалога отключён: ответить покупателю нельзя."


async def queue_reply(
    session: AsyncSession, keyring: Keyring, manager: Manager, dialog_id: UUID, text: str, now: datetime
) -> Message:
    """Store the message as pending; the caller wakes the workflow after the commit."""
    dialog = found(await dialog_of(session, manager.organisation_id, dialog_id, lock=True), NO_DIALOG)
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
        body_sealed=seal(keyring, BODY, {"text": text}),
        status=Delivery.PENDING,
        manager_id=manager.id,
        created_at=now,
        received_at=now,
    )
    session.add(message)
    return message
