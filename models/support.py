"""The client's support chat, two tables that the client product may have made; and the managers' log of a client."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.columns import created, key, reference, sealed

BODY = "support_messages.body_sealed"
"""Purpose of the encryption of `body_sealed`: JSON string."""

SIGNING = "Подписание договора"
"""Subject of the ticket that codes and bills are written to; made by its first message."""


class TicketStatus(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"
    REJECTED = "rejected"


class Author(StrEnum):
    USER = "user"
    SUPPORT = "support"


class SupportTicket(SQLModel, table=True):
    __tablename__ = "support_tickets"

    id: UUID = key()
    user_id: UUID = reference("users.id", index=True)
    subject: str = Field(max_length=300)
    status: str = Field(default=TicketStatus.OPEN, max_length=32)
    created_at: datetime = created()


class SupportMessage(SQLModel, table=True):
    """`body` is what staff may read; where `body_sealed` is there, the client alone reads that instead (a code)."""

    __tablename__ = "support_messages"
    __table_args__ = (Index("ix_support_messages_ticket", "ticket_id", "created_at", "id"),)

    id: UUID = key()
    ticket_id: UUID = reference("support_tickets.id")
    author: str = Field(max_length=32)
    body: str | None = None
    body_sealed: bytes | None = sealed()
    file_key: str | None = Field(default=None, max_length=300)
    created_at: datetime = created()

    @staticmethod
    async def of_ticket(session: AsyncSession, ticket_id: UUID) -> Sequence["SupportMessage"]:
        query = select(SupportMessage).where(col(SupportMessage.ticket_id) == ticket_id)
        return (await session.exec(query.order_by(col(SupportMessage.created_at), col(SupportMessage.id)))).all()


class ManagerThread(SQLModel, table=True):
    """What the system tells the manager about one client."""

    __tablename__ = "manager_support_threads"

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id", unique=True)
    created_at: datetime = created()


class ManagerMessage(SQLModel, table=True):
    __tablename__ = "manager_support_messages"

    id: UUID = key()
    thread_id: UUID = reference("manager_support_threads.id", index=True)
    manager_id: UUID | None = reference("manager_users.id", nullable=True)
    body: str
    created_at: datetime = created()
