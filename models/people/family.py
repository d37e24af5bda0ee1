"""Base of sessions of clients and staff: a family of refresh tokens, one of which is current."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import LargeBinary, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from models.kernel.columns import created, key


class Family(SQLModel):
    """One signed-in device; revoked as a whole."""

    id: UUID = key()
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    created_at: datetime = created()
    last_used_at: datetime = created()
    expires_at: datetime
    revoked_at: datetime | None = None


class FamilyToken(SQLModel):
    """A refresh token, stored only as SHA-256 of its secret; `replaced_at` is the time of its use."""

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID
    created_at: datetime = created()
    replaced_at: datetime | None = None

    async def is_newest_replaced(self, session: AsyncSession) -> bool:
        """Whether the successor of this token is the current one."""
        other = aliased(type(self))
        later = exists().where(
            col(other.session_id) == self.session_id,
            col(other.replaced_at) > self.replaced_at,
        )
        return not (await session.exec(select(later))).one()

    async def void_successor(self, session: AsyncSession) -> None:
        """When the token is used again: mark its unused successor as replaced at the same time as the token itself."""
        if self.replaced_at is None:
            return
        other = type(self)
        current = update(other).where(col(other.session_id) == self.session_id, col(other.replaced_at).is_(None))
        await (await session.connection()).execute(current.values(replaced_at=self.replaced_at))


AnyFamily = TypeVar("AnyFamily", bound=Family)
AnyToken = TypeVar("AnyToken", bound=FamilyToken)


async def held(
    session: AsyncSession, tokens: type[AnyToken], families: type[AnyFamily], digest: bytes
) -> tuple[AnyToken, AnyFamily] | None:
    """The token with its session, both locked until the transaction ends: one use of a family at a time."""
    query = (
        select(tokens, families)
        .join(families, col(families.id) == col(tokens.session_id))
        .where(col(tokens.digest) == digest)
        .with_for_update()
    )
    return (await session.exec(query)).first()


async def revoke_family(
    session: AsyncSession, tokens: type[FamilyToken], families: type[Family], digest: bytes, now: datetime
) -> None:
    """End the session of a token, current or not."""
    family = select(tokens.session_id).where(col(tokens.digest) == digest).scalar_subquery()
    ended = update(families).where(col(families.id) == family, col(families.revoked_at).is_(None))
    await (await session.connection()).execute(ended.values(revoked_at=now))
