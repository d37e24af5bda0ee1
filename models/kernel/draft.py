"""The stored input of a write: personal data is sealed here, and only the draft's id passes through the workflow.

A draft also stores an `Idempotency-Key`: one row per caller, route and key, which the activity marks applied in the
transaction of its effect, so that a retried effect happens once.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Integer, LargeBinary, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import created, document, key, sealed

PAYLOAD = "drafts.payload"
ANSWER = "drafts.answer"


class Draft(SQLModel, table=True):
    """`payload` is removed when it is applied; `outcome` is the result (or a refusal that had an effect);
    `answer` is the sealed HTTP answer to a repeated key for 24 hours; `expected_version`: the only version of the
    subject to which the write applies."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index("uq_drafts_key", "caller", "route", "key", unique=True),
        Index("ix_drafts_created", "created_at"),
    )

    id: UUID = key()
    caller: str = Field(max_length=80)
    route: str = Field(max_length=160)
    key: str = Field(max_length=255)
    digest: bytes = Field(sa_type=LargeBinary)
    payload: bytes | None = sealed()
    applied_at: datetime | None = None
    outcome: dict[str, Any] | None = document()
    answer: bytes | None = sealed()
    expected_version: int | None = Field(
        default=None, sa_column=Column("expected_card_version", Integer, key="expected_version")
    )
    created_at: datetime = created()

    @staticmethod
    async def claim(session: AsyncSession, draft: "Draft") -> "Draft | None":
        """Insert the draft; None if the caller has used the key on this route before."""
        values = draft.model_dump(exclude_none=True)
        statement = insert(Draft).values(**values).on_conflict_do_nothing(index_elements=["caller", "route", "key"])
        connection = await session.connection()
        return draft if (await connection.execute(statement.returning(col(Draft.id)))).first() else None

    @staticmethod
    async def of_key(session: AsyncSession, caller: str, route: str, key: str) -> "Draft | None":
        query = select(Draft).where(col(Draft.caller) == caller, col(Draft.route) == route, col(Draft.key) == key)
        return (await session.exec(query)).first()

    @staticmethod
    async def has_key(session: AsyncSession, caller: str, key: str) -> bool:
        """Whether the caller has used the key on any route."""
        query = select(Draft.id).where(col(Draft.caller) == caller, col(Draft.key) == key)
        return (await session.exec(query)).first() is not None

    @staticmethod
    async def remember(session: AsyncSession, draft_id: UUID, answer: bytes) -> bool:
        """Store the answer; False if there is one already."""
        connection = await session.connection()
        first = update(Draft).where(col(Draft.id) == draft_id, col(Draft.answer).is_(None)).values(answer=answer)
        return (await connection.execute(first.returning(col(Draft.id)))).first() is not None

    @staticmethod
    async def forget(session: AsyncSession, draft_id: UUID) -> None:
        await (await session.connection()).execute(delete(Draft).where(col(Draft.id) == draft_id))

    @staticmethod
    async def forget_refused(session: AsyncSession, draft_id: UUID) -> None:
        """Delete the draft unless it was carried out."""
        refused = or_(col(Draft.applied_at).is_(None), col(Draft.outcome).has_key("refused"))  # type: ignore[attr-defined]  # JSONB's own
        await (await session.connection()).execute(delete(Draft).where(col(Draft.id) == draft_id, refused))
