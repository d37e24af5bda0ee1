"""Devices covered by a contract, and the separate list of the client app."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.kernel.columns import created, document, key, reference


class Device(SQLModel, table=True):
    """`extra_fee` in kopecks; `covered_by_id` is the signed contract that covers the device."""

    __tablename__ = "manager_devices"
    __table_args__ = (CheckConstraint("extra_fee >= 0", name="ck_manager_devices_extra_fee"),)

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id", index=True)
    device_type: str = Field(max_length=sizes.LINE)
    title: str = Field(max_length=sizes.LINE)
    description: str | None = Field(default=None, max_length=sizes.LONG_TEXT)
    specs: dict[str, Any] | None = document()
    extra_fee: int | None = Field(default=None, sa_type=BigInteger)
    covered_by_id: UUID | None = reference("manager_contracts.id", nullable=True)
    created_at: datetime = created()
    updated_at: datetime = created()

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> Sequence["Device"]:
        """Oldest first."""
        query = (
            select(Device).where(col(Device.client_id) == client_id).order_by(col(Device.created_at), col(Device.id))
        )
        return (await session.exec(query)).all()


class DevicePhoto(SQLModel, table=True):
    __tablename__ = "manager_device_photos"

    id: UUID = key()
    device_id: UUID = reference("manager_devices.id", index=True, cascade=True)
    file_key: str = Field(max_length=sizes.FILE_KEY)
    created_at: datetime = created()

    @staticmethod
    async def of_device(session: AsyncSession, device_id: UUID) -> Sequence["DevicePhoto"]:
        return (await session.exec(select(DevicePhoto).where(col(DevicePhoto.device_id) == device_id))).all()


class OwnDevice(SQLModel, table=True):
    """A device in the client app; never merged with the devices of contracts."""

    __tablename__ = "devices"

    id: UUID = key()
    user_id: UUID = reference("users.id", index=True)
    title: str | None = Field(default=None, max_length=sizes.LINE)
    brand: str | None = Field(default=None, max_length=sizes.LINE)
    model: str | None = Field(default=None, max_length=sizes.LINE)
    serial_number: str | None = Field(default=None, max_length=sizes.LINE)
    purchase_date: date | None = None
    warranty_until: date | None = None
    created_at: datetime = created()
