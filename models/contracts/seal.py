"""Certificates of the keys that seal, published by the sealing process for everybody who verifies."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import created


class SealCertificate(SQLModel, table=True):
    """`certificate` is DER; what was sealed since `revoked_from` is worth nothing, unless it was stamped before."""

    __tablename__ = "seal_certificates"

    sha256: str = Field(primary_key=True, max_length=64)
    certificate: bytes = Field(sa_type=LargeBinary)
    published_at: datetime = created()
    revoked_from: datetime | None = None

    @staticmethod
    async def all(session: AsyncSession) -> Sequence["SealCertificate"]:
        return (await session.exec(select(SealCertificate))).all()

    @staticmethod
    async def publish(session: AsyncSession, certificates: Sequence["SealCertificate"]) -> None:
        """Known ones stay; a revocation is added or corrected, never taken back."""
        connection = await session.connection()
        for one in certificates:
            new = insert(SealCertificate).values(one.model_dump())
            if one.revoked_from is None:
                statement = new.on_conflict_do_nothing(index_elements=["sha256"])
            else:
                statement = new.on_conflict_do_update(
                    index_elements=["sha256"], set_={"revoked_from": one.revoked_from}
                )
            await connection.execute(statement)
