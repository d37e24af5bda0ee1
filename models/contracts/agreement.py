"""Accessions to the published agreement on the simple electronic signature (63-FZ, art. 6(2) and 9(2))."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.kernel.columns import choice, created, key, reference


class AgreedBy(StrEnum):
    """Origin of an accession: registration, a button or the signature in the client app, or a manager's attestation."""

    REGISTRATION = "registration"
    CLIENT_APP = "client_app"
    SIGNING = "signing"
    MANAGER = "manager"


class Accession(SQLModel, table=True):
    __tablename__ = "pep_agreements"

    id: UUID = key()
    user_id: UUID = reference("users.id", index=True)
    agreed_by: AgreedBy = choice(AgreedBy, "agreed_by")
    version: str = Field(max_length=64)
    sha256: str = Field(max_length=64)
    agreed_at: datetime = created()
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    attested_by_id: UUID | None = reference("manager_users.id", nullable=True)

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID) -> "Accession | None":
        """The first accession; the client's own precedes a manager's attestation."""
        query = select(Accession).where(col(Accession.user_id) == user_id).order_by(col(Accession.agreed_at))
        found = (await session.exec(query)).all()
        return next((one for one in found if one.agreed_by is not AgreedBy.MANAGER), found[0] if found else None)
