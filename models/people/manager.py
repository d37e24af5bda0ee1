"""Staff: one table for onboarding and conversations."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, func, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.kernel.columns import choice, created, key, reference


class Role(StrEnum):
    """A place inside one organisation; the operator of the installation is `is_super_admin`."""

    OWNER = "owner"
    MANAGER = "manager"


class Manager(SQLModel, table=True):
    __tablename__ = "manager_users"
    __table_args__ = (Index("uq_manager_users_email", text("lower(email)"), unique=True),)

    id: UUID = key()
    organisation_id: UUID = reference("organisations.id", index=True)
    email: str | None = Field(default=None, max_length=sizes.EMAIL)
    name: str = Field(max_length=sizes.LINE)
    password_hash: str | None = Field(default=None, max_length=255)
    role: Role = choice(Role, "manager_role")
    is_super_admin: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    can_onboard: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    telegram_user_id: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    disabled_at: datetime | None = None
    created_at: datetime = created()
    updated_at: datetime = created()

    @staticmethod
    async def by_email(session: AsyncSession, email: str) -> "Manager | None":
        """By e-mail address, case-insensitive."""
        return (
            await session.exec(select(Manager).where(func.lower(col(Manager.email)) == email.strip().lower()))
        ).first()

    @staticmethod
    async def any_exists(session: AsyncSession) -> bool:
        return (await session.exec(select(col(Manager.id)).limit(1))).first() is not None

    @staticmethod
    async def oldest_first(session: AsyncSession) -> Sequence["Manager"]:
        return (await session.exec(select(Manager).order_by(col(Manager.created_at), col(Manager.id)))).all()
