"""Counters of attempts per key and time window, shared by all API processes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession


class RateBucket(SQLModel, table=True):
    """`key` is a keyed hash: the table stores no phone, e-mail or address of a person."""

    __tablename__ = "rate_buckets"

    key: str = Field(primary_key=True, max_length=120)
    window_start: datetime = Field(primary_key=True)
    count: int = Field(sa_type=Integer)

    @staticmethod
    async def since(session: AsyncSession, keys: Sequence[str], start: datetime) -> Sequence["RateBucket"]:
        query = select(RateBucket).where(col(RateBucket.key).in_(keys), col(RateBucket.window_start) >= start)
        return (await session.exec(query)).all()

    @staticmethod
    async def add(session: AsyncSession, key: str, window_start: datetime) -> None:
        """Add one, also with concurrent processes."""
        row = insert(RateBucket).values(key=key, window_start=window_start, count=1)
        more = row.on_conflict_do_update(
            index_elements=["key", "window_start"], set_={"count": col(RateBucket.count) + 1}
        )
        await (await session.connection()).execute(more)
