"""Erasure of a conversation with a buyer."""

from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.budget import Wait
from models.conversations.dialog import Dialog, FormerTopic
from models.conversations.inbox import AvitoHint
from models.conversations.message import Attachment, Copy, Message, Send

ERASES: Final = (Attachment, AvitoHint, Copy, Dialog, FormerTopic, Message, Send, Wait)


async def erase(session: AsyncSession, dialog_id: UUID) -> set[str]:
    """Delete one dialog with all that belongs to it; returns the keys of its files. A repeat changes nothing.

    Neither Avito nor the Telegram group is told, and the buyer's next message makes a new dialog. What has to be kept
    is for the caller to know.
    """
    chat = select(Dialog.avito_account_id, Dialog.avito_dialog_id).where(col(Dialog.id) == dialog_id)
    found = (await session.exec(chat.with_for_update())).first()
    if found is None:
        return set()
    account_id, chat_id = found
    connection = await session.connection()
    messages = select(Message.id).where(col(Message.dialog_id) == dialog_id)
    await connection.execute(delete(Send).where(col(Send.dialog_id) == dialog_id))
    files = delete(Attachment).where(col(Attachment.message_id).in_(messages)).returning(col(Attachment.storage_key))
    keys = {key for key in (await connection.execute(files)).scalars() if key}
    hints = (col(AvitoHint.account_id) == account_id, col(AvitoHint.chat_id) == chat_id)
    await connection.execute(delete(AvitoHint).where(*hints))
    for table in (Copy, Message, FormerTopic, Wait):
        await connection.execute(delete(table).where(col(table.dialog_id) == dialog_id))
    await connection.execute(delete(Dialog).where(col(Dialog.id) == dialog_id))
    return keys
