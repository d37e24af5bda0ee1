"""Autosaves: sealed values of a manager's unsent form on a card, private to the manager and kept for a month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, delete, update
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import created, sealed

VALUES: Final = "manager_autosaves.values_sealed"
"""Purpose of the encryption of `values_sealed`: the form's values as JSON."""

AUTOSAVES_KEPT: Final = timedelta(days=30)

_VERSIONS: Final = DatabaseSequence("manager_autosave_versions", metadata=SQLModel.metadata)


class Autosave(SQLModel, table=True):
    """One form of one manager for one client. `version` grows with every write and is never reused, even after the
    autosave is deleted."""

    __tablename__ = "manager_autosaves"
    __table_args__ = (Index("ix_manager_autosaves_updated", "updated_at"),)

    client_id: UUID = Field(primary_key=True, foreign_key="manager_clients.id", ondelete="CASCADE")
    manager_id: UUID = Field(primary_key=True, foreign_key="manager_users.id", ondelete="CASCADE")
    form: str = Field(primary_key=True, max_length=48)
    values_sealed: bytes = sealed(nullable=False)
    version: int = Field(sa_type=BigInteger)
    updated_at: datetime = created()

    @staticmethod
    async def of_manager(session: AsyncSession, client_id: UUID, manager_id: UUID) -> Sequence["Autosave"]:
        query = select(Autosave).where(col(Autosave.client_id) == client_id, col(Autosave.manager_id) == manager_id)
        return (await session.exec(query.order_by(col(Autosave.form)))).all()

    @staticmethod
    async def find(session: AsyncSession, client_id: UUID, manager_id: UUID, form: str) -> "Autosave | None":
        return await session.get(Autosave, (client_id, manager_id, form))

    async def begin(self, session: AsyncSession) -> int | None:
        """Insert the autosave; returns its version, or None if the form has one already."""
        values = self.model_dump(exclude={"version"})
        new = insert(Autosave).values(**values, version=_VERSIONS.next_value()).on_conflict_do_nothing()
        return (await (await session.connection()).execute(new.returning(col(Autosave.version)))).scalar()

    async def replace(self, session: AsyncSession, version: int) -> int | None:
        """Replace the given version; returns the new version, or None if the stored version is another one."""
        place = (
            col(Autosave.client_id) == self.client_id,
            col(Autosave.manager_id) == self.manager_id,
            col(Autosave.form) == self.form,
            col(Autosave.version) == version,
        )
        changed = update(Autosave).where(*place)
        changed = changed.values(
            values_sealed=self.values_sealed, updated_at=self.updated_at, version=_VERSIONS.next_value()
        )
        return (await (await session.connection()).execute(changed.returning(col(Autosave.version)))).scalar()

    @staticmethod
    async def forget(session: AsyncSession, client_id: UUID, manager_id: UUID, form: str) -> None:
        """Delete the autosave, if there is one."""
        place = (col(Autosave.client_id) == client_id, col(Autosave.manager_id) == manager_id)
        await (await session.connection()).execute(delete(Autosave).where(*place, col(Autosave.form) == form))
