"""Erasure of a client's support chats and of the managers' log of the client."""

from typing import Final

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.subject import Person
from models.support.ticket import ManagerMessage, ManagerThread, SupportMessage, SupportTicket

ERASES: Final = (SupportMessage, SupportTicket, ManagerMessage, ManagerThread)


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Delete them all; returns the keys of the photos. The card must no longer refer to a ticket."""
    connection = await session.connection()
    tickets = select(SupportTicket.id).where(col(SupportTicket.user_id) == person.user_id)
    threads = select(ManagerThread.id).where(col(ManagerThread.client_id) == person.client_id)
    messages = delete(SupportMessage).where(col(SupportMessage.ticket_id).in_(tickets))
    photos = (await connection.execute(messages.returning(col(SupportMessage.file_key)))).scalars().all()
    await connection.execute(delete(SupportTicket).where(col(SupportTicket.user_id) == person.user_id))
    await connection.execute(delete(ManagerMessage).where(col(ManagerMessage.thread_id).in_(threads)))
    await connection.execute(delete(ManagerThread).where(col(ManagerThread.client_id) == person.client_id))
    return {key for key in photos if key}
