"""Tariffs, and the tariff applied to a client; amounts in kopecks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.clients.client import Client
from models.kernel.columns import created, key, reference


class Tariff(SQLModel, table=True):
    __tablename__ = "manager_tariffs"
    __table_args__ = (CheckConstraint("base_fee >= 0 AND extra_per_device >= 0", name="ck_manager_tariffs_fees"),)

    id: UUID = key()
    organisation_id: UUID = reference("organisations.id")
    name: str = Field(max_length=sizes.LINE)
    base_fee: int = Field(sa_type=BigInteger)
    extra_per_device: int = Field(sa_type=BigInteger)
    notes: str | None = Field(default=None, max_length=sizes.PARAGRAPH)
    archived_at: datetime | None = None
    created_at: datetime = created()

    @staticmethod
    async def offered(session: AsyncSession, organisation_id: UUID) -> Sequence["Tariff"]:
        """Cheapest first."""
        query = select(Tariff).where(col(Tariff.organisation_id) == organisation_id, col(Tariff.archived_at).is_(None))
        return (await session.exec(query.order_by(col(Tariff.base_fee), col(Tariff.name)))).all()


class ClientTariff(SQLModel, table=True):
    """The tariff applied to a client; recalculated with every change of the devices."""

    __tablename__ = "manager_client_tariffs"

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id", unique=True)
    tariff_id: UUID | None = reference("manager_tariffs.id", nullable=True)
    name: str = Field(max_length=sizes.LINE)
    base_fee: int = Field(sa_type=BigInteger)
    extra_per_device: int = Field(sa_type=BigInteger)
    device_count: int = Field(sa_type=Integer)
    total_extra_fee: int = Field(sa_type=BigInteger)
    calculated_at: datetime = created()

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> "ClientTariff | None":
        return (await session.exec(select(ClientTariff).where(col(ClientTariff.client_id) == client_id))).first()

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID) -> "ClientTariff | None":
        query = select(ClientTariff).join(Client, col(Client.id) == col(ClientTariff.client_id))
        return (await session.exec(query.where(col(Client.user_id) == user_id))).first()
