"""Erasure of a client's support chats and of what the system told the managers about him."""

from typing import Final

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.subject import Person
from models.support.ticket import ManagerMessage, ManagerThread, SupportMessage, SupportTicket

ERASES: Final = (SupportMessage, SupportTicket, ManagerMessage, ManagerThread)


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Delete them all; returns the keys of the photos. His card does not refer to a ticket any more by then."""
    connection = await session.connection()
    tickets = select(SupportTicket.id).where(col(SupportTicket.user_id) == person.user_id)
    threads = select(ManagerThread.id).where(col(ManagerThread.client_id) == person.client_id)
    messages = delete(SupportMessage).where(col(SupportMessage.ticket_id).in_(tickets))
    photos = (await connection.execute(messages.returning(col(SupportMessage.file_key)))).scalars().all()
    await connection.execute(delete(SupportTicket).where(col(SupportTicket.user_id) == person.user_id))
    await connection.execute(delete(ManagerMessage).where(col(ManagerMessage.thread_id).in_(threads)))
    await connection.execute(delete(ManagerThread).where(col(ManagerThread.client_id) == person.client_id))
    return {key for key in photos if key}
