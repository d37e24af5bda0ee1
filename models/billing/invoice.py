"""Invoices, in kopecks; an open invoice is pending or overdue."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.clients.client import Client
from models.kernel.columns import choice, created, key, reference


class InvoiceStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    OVERDUE = "overdue"
    CANCELED = "canceled"


OPEN = (InvoiceStatus.PENDING, InvoiceStatus.OVERDUE)


class Invoice(SQLModel, table=True):
    __tablename__ = "manager_invoices"
    __table_args__ = (CheckConstraint("amount > 0", name="ck_manager_invoices_amount"),)

    id: UUID = key()
    organisation_id: UUID = reference("organisations.id")
    client_id: UUID = reference("manager_clients.id", index=True)
    contract_id: UUID | None = reference("manager_contracts.id", nullable=True)
    contract_number: str = Field(max_length=32)
    amount: int = Field(sa_type=BigInteger)
    description: str = Field(max_length=sizes.PARAGRAPH)
    due_date: date
    status: InvoiceStatus = choice(InvoiceStatus, "invoice_status")
    reminded_at: datetime | None = None
    paid_at: datetime | None = None
    confirmed_by_id: UUID | None = reference("manager_users.id", nullable=True)
    created_at: datetime = created()

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> Sequence["Invoice"]:
        """Oldest first."""
        query = select(Invoice).where(col(Invoice.client_id) == client_id)
        return (await session.exec(query.order_by(col(Invoice.created_at), col(Invoice.id)))).all()

    @staticmethod
    async def open_of(session: AsyncSession, client_id: UUID) -> Sequence["Invoice"]:
        """Open invoices, oldest first."""
        query = select(Invoice).where(col(Invoice.client_id) == client_id, col(Invoice.status).in_(OPEN))
        return (await session.exec(query.order_by(col(Invoice.created_at), col(Invoice.id)))).all()

    @staticmethod
    async def oldest_open(session: AsyncSession, client_id: UUID) -> UUID | None:
        """The id of the invoice that a payment without a name is for."""
        query = select(col(Invoice.id)).where(col(Invoice.client_id) == client_id, col(Invoice.status).in_(OPEN))
        return (await session.exec(query.order_by(col(Invoice.created_at), col(Invoice.id)).limit(1))).first()

    @staticmethod
    async def owned(session: AsyncSession, invoice_id: UUID, client_id: UUID) -> "Invoice | None":
        query = select(Invoice).where(col(Invoice.id) == invoice_id, col(Invoice.client_id) == client_id)
        return (await session.exec(query)).first()

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID, *, settled: bool, limit: int) -> Sequence["Invoice"]:
        """Newest first; only open invoices unless `settled`."""
        query = (
            select(Invoice).join(Client, col(Client.id) == col(Invoice.client_id)).where(col(Client.user_id) == user_id)
        )
        if not settled:
            query = query.where(col(Invoice.status).in_(OPEN))
        ordered = query.order_by(col(Invoice.created_at).desc(), col(Invoice.id)).limit(limit)
        return (await session.exec(ordered)).all()
