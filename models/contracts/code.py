"""One-time codes: hash and limits; the digits are stored only in the client's sealed message."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, LargeBinary
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import created, key, reference


class Code(SQLModel, table=True):
    """`delivery_id`: what took the code to the client; None for codes of earlier releases."""

    __tablename__ = "manager_contract_codes"

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id", index=True)
    contract_id: UUID = reference("manager_contracts.id", index=True)
    hash: bytes = Field(sa_type=LargeBinary)
    salt: bytes = Field(sa_type=LargeBinary)
    key_id: str = Field(max_length=64)
    document_sha256: str = Field(max_length=64)
    sent_at: datetime = created()
    expires_at: datetime
    tries_left: int = Field(sa_type=Integer)
    used_at: datetime | None = None
    expiry_noted_at: datetime | None = None
    delivery_id: UUID | None = Field(default=None, foreign_key="deliveries.id", nullable=True, ondelete="SET NULL")

    @staticmethod
    async def newest(session: AsyncSession, contract_id: UUID) -> "Code | None":
        query = (
            select(Code).where(col(Code.contract_id) == contract_id).order_by(col(Code.sent_at).desc(), col(Code.id))
        )
        return (await session.exec(query.limit(1))).first()

    @staticmethod
    async def sent_since(session: AsyncSession, client_id: UUID, since: datetime) -> int:
        query = (
            select(func.count()).select_from(Code).where(col(Code.client_id) == client_id, col(Code.sent_at) >= since)
        )
        return (await session.exec(query)).one()
