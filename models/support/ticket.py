"""The support chat, whose two tables the client product may have created, and the managers' log of a client."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.clients.client import Client
from models.kernel.columns import created, key, reference, sealed
from models.people.manager import Manager

BODY = "support_messages.body_sealed"
"""Purpose of the encryption of `body_sealed`: JSON string."""

SIGNING = "Подписание договора"
"""Subject of the ticket for codes and bills, which the first message creates."""


class TicketStatus(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"
    REJECTED = "rejected"


ACTIVE = (TicketStatus.OPEN, TicketStatus.PENDING)


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

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID, limit: int) -> Sequence["SupportTicket"]:
        """Newest first."""
        query = select(SupportTicket).where(col(SupportTicket.user_id) == user_id)
        ordered = query.order_by(col(SupportTicket.created_at).desc(), col(SupportTicket.id)).limit(limit)
        return (await session.exec(ordered)).all()

    @staticmethod
    async def owned(session: AsyncSession, ticket_id: UUID, user_id: UUID) -> "SupportTicket | None":
        query = select(SupportTicket).where(col(SupportTicket.id) == ticket_id, col(SupportTicket.user_id) == user_id)
        return (await session.exec(query)).first()

    @staticmethod
    async def of_organisation(session: AsyncSession, ticket_id: UUID, organisation_id: UUID) -> "SupportTicket | None":
        """A ticket of a client of this organisation."""
        query = select(SupportTicket).join(Client, col(Client.user_id) == col(SupportTicket.user_id))
        there = query.where(col(SupportTicket.id) == ticket_id, col(Client.organisation_id) == organisation_id)
        return (await session.exec(there)).first()

    @staticmethod
    async def holder(session: AsyncSession, ticket: "SupportTicket") -> tuple[bool, UUID | None]:
        """Whether the ticket is the one of codes and bills, and who holds the client until the transaction ends."""
        query = select(Client).where(col(Client.user_id) == ticket.user_id).with_for_update(read=True)
        client = (await session.exec(query)).one()
        return ticket.subject == SIGNING or client.support_ticket_id == ticket.id, client.assigned_manager_id

    @staticmethod
    async def counted(session: AsyncSession, user_id: UUID) -> tuple[int, int]:
        """Number of active tickets, and of all."""
        active = func.count().filter(col(SupportTicket.status).in_(ACTIVE))
        query = select(active, func.count()).select_from(SupportTicket).where(col(SupportTicket.user_id) == user_id)
        return (await session.exec(query)).one()


class SupportMessage(SQLModel, table=True):
    """`body` is shown to staff; `body_sealed`, if set, is shown to the client instead (a code).

    `author_id` is the manager who wrote it, None for the client and for the system.
    """

    __tablename__ = "support_messages"
    __table_args__ = (Index("ix_support_messages_ticket", "ticket_id", "created_at", "id"),)

    id: UUID = key()
    ticket_id: UUID = reference("support_tickets.id")
    author: str = Field(max_length=32)
    author_id: UUID | None = reference("manager_users.id", nullable=True)
    body: str | None = None
    body_sealed: bytes | None = sealed()
    file_key: str | None = Field(default=None, max_length=sizes.FILE_KEY)
    created_at: datetime = created()

    @staticmethod
    async def last_of(
        session: AsyncSession, ticket_id: UUID, limit: int
    ) -> Sequence[tuple["SupportMessage", str | None]]:
        """The newest `limit` messages with the names of the managers who wrote them, oldest first."""
        query = (
            select(SupportMessage, col(Manager.name))
            .outerjoin(Manager, col(Manager.id) == col(SupportMessage.author_id))
            .where(col(SupportMessage.ticket_id) == ticket_id)
        )
        newest = query.order_by(col(SupportMessage.created_at).desc(), col(SupportMessage.id).desc()).limit(limit)
        return list(reversed((await session.exec(newest)).all()))


class ManagerThread(SQLModel, table=True):
    """The managers' log of one client."""

    __tablename__ = "manager_support_threads"

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id", unique=True)
    created_at: datetime = created()

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> "ManagerThread | None":
        return (await session.exec(select(ManagerThread).where(col(ManagerThread.client_id) == client_id))).first()


class ManagerMessage(SQLModel, table=True):
    __tablename__ = "manager_support_messages"

    id: UUID = key()
    thread_id: UUID = reference("manager_support_threads.id", index=True)
    manager_id: UUID | None = reference("manager_users.id", nullable=True)
    body: str
    created_at: datetime = created()
