"""What sessions of clients and of staff have in common: a family of refresh tokens of which one is current."""

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
    """A refresh token, as SHA-256 of its secret only; `replaced_at` is set when it was used."""

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID
    created_at: datetime = created()
    replaced_at: datetime | None = None

    async def is_newest_replaced(self, session: AsyncSession) -> bool:
        """Whether the token that came after this one is the current one."""
        other = aliased(type(self))
        later = exists().where(
            col(other.session_id) == self.session_id,
            col(other.replaced_at) > self.replaced_at,
        )
        return not (await session.exec(select(later))).one()

    async def void_successor(self, session: AsyncSession) -> None:
        """Of a token that is used once more: the one it was replaced by counts as old from its beginning."""
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
    """The token with its session, both held until the transaction ends: one use of a family at a time."""
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
    """End the session that the token belongs to, be it current or not."""
    family = select(tokens.session_id).where(col(tokens.digest) == digest).scalar_subquery()
    ended = update(families).where(col(families.id) == family, col(families.revoked_at).is_(None))
    await (await session.connection()).execute(ended.values(revoked_at=now))
