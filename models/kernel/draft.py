"""The stored input of a write: personal data waits here, sealed, while only its id travels through the workflow.

A draft is also the memory of an `Idempotency-Key`: one row per caller, route and key, which the activity marks applied
in the same transaction as its effect, so that an effect happens once however often it is tried.
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
    """`payload` goes when it was applied; `outcome` says how that ended (a refusal that had an effect, a result);
    `answer` is the sealed HTTP answer that a repeated key gets for 24 hours. `expected_version`: the write is for
    this version of its subject and for no other."""

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
        """The draft, now a row; None where its caller has used the key on this route before."""
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
        """Whether the caller has used the key, on any route."""
        query = select(Draft.id).where(col(Draft.caller) == caller, col(Draft.key) == key)
        return (await session.exec(query)).first() is not None

    @staticmethod
    async def remember(session: AsyncSession, draft_id: UUID, answer: bytes) -> bool:
        """Whether this is the first answer."""
        connection = await session.connection()
        first = update(Draft).where(col(Draft.id) == draft_id, col(Draft.answer).is_(None)).values(answer=answer)
        return (await connection.execute(first.returning(col(Draft.id)))).first() is not None

    @staticmethod
    async def forget(session: AsyncSession, draft_id: UUID) -> None:
        await (await session.connection()).execute(delete(Draft).where(col(Draft.id) == draft_id))

    @staticmethod
    async def forget_refused(session: AsyncSession, draft_id: UUID) -> None:
        """Unless it was carried out."""
        refused = or_(col(Draft.applied_at).is_(None), col(Draft.outcome).has_key("refused"))  # type: ignore[attr-defined]  # JSONB's own
        await (await session.connection()).execute(delete(Draft).where(col(Draft.id) == draft_id, refused))
