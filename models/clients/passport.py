"""The passport of a client: one sealed document and a blind index of its number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, text
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.clients.client import Client
from models.kernel.columns import created, key, reference, sealed
from models.people.user import User

SEALED = "users_passports.data"
"""Purpose of the encryption of `data`: JSON with the fields of `domain.onboarding.passport`."""

NUMBER = "users_passports.number"
"""Purpose of the blind index over series and number."""


class PassportRow(SQLModel, table=True):
    __tablename__ = "users_passports"

    id: UUID = key()
    user_id: UUID = reference("users.id", unique=True)
    data: bytes = sealed(nullable=False)
    number_index: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    complete: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    photo_key: str | None = Field(default=None, max_length=sizes.FILE_KEY)
    created_at: datetime = created()
    updated_at: datetime = created()

    @staticmethod
    async def beside_user(session: AsyncSession, user_id: UUID) -> "tuple[User, PassportRow | None]":
        """The user and the passport, if there is one, in one round trip."""
        query = select(User, PassportRow).outerjoin(PassportRow, col(PassportRow.user_id) == col(User.id))
        return (await session.exec(query.where(col(User.id) == user_id))).one()

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID) -> "PassportRow | None":
        return (await session.exec(select(PassportRow).where(col(PassportRow.user_id) == user_id))).first()

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> "PassportRow | None":
        query = select(PassportRow).join(Client, col(Client.user_id) == col(PassportRow.user_id))
        return (await session.exec(query.where(col(Client.id) == client_id))).first()

    @staticmethod
    async def is_taken(session: AsyncSession, indexes: Sequence[bytes], own: UUID) -> bool:
        """Whether another passport has one of these indexes of a number.

        During a key rotation two workers may write different indexes of one number, so a lock is taken.
        """
        if len(indexes) > 1:
            await session.exec(select(func.pg_advisory_xact_lock(int.from_bytes(min(indexes)[:8], signed=True))))
        same = select(PassportRow.id).where(col(PassportRow.number_index).in_(indexes), col(PassportRow.id) != own)
        return (await session.exec(same)).first() is not None
