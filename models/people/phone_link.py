"""Single-use links by which a client's Telegram vouches for the phone of his account."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import created, key, reference

PHONE_LINK_TTL: Final = timedelta(minutes=15)


class PhoneLink(SQLModel, table=True):
    """`token_hash` is SHA-256 of the token, which is not stored. `telegram_user_id`: who opened it first, from then on
    the only one who may use it. `used_by`: the id of what used it."""

    __tablename__ = "phone_links"
    __table_args__ = (Index("ix_phone_links_person", "telegram_user_id", "opened_at"),)

    id: UUID = key()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_id: UUID = reference("users.id", index=True, cascade=True)
    session_id: UUID = reference("user_sessions.id", index=True, cascade=True)
    telegram_user_id: int | None = Field(default=None, sa_type=BigInteger)
    opened_at: datetime | None = None
    expires_at: datetime
    used_at: datetime | None = None
    used_by: UUID | None = None
    created_at: datetime = created()

    @staticmethod
    async def issue(session: AsyncSession, token_hash: bytes, user_id: UUID, session_id: UUID, at: datetime) -> None:
        """In place of an unused link of the same session."""
        unused = delete(PhoneLink).where(col(PhoneLink.session_id) == session_id, col(PhoneLink.used_at).is_(None))
        await (await session.connection()).execute(unused)
        session.add(
            PhoneLink(
                token_hash=token_hash,
                user_id=user_id,
                session_id=session_id,
                expires_at=at + PHONE_LINK_TTL,
                created_at=at,
            )
        )

    @staticmethod
    async def by_token(session: AsyncSession, token_hash: bytes) -> "PhoneLink | None":
        """Locked until the transaction ends."""
        query = select(PhoneLink).where(col(PhoneLink.token_hash) == token_hash)
        return (await session.exec(query.with_for_update())).first()

    @staticmethod
    async def opened_by(session: AsyncSession, telegram_user_id: int) -> "PhoneLink | None":
        """The link that this person opened last, one that was not used before those that were; locked until the
        transaction ends."""
        query = select(PhoneLink).where(col(PhoneLink.telegram_user_id) == telegram_user_id)
        ordered = query.order_by(
            col(PhoneLink.used_at).is_not(None), col(PhoneLink.opened_at).desc(), col(PhoneLink.id)
        ).limit(1)
        return (await session.exec(ordered.with_for_update())).first()

    @staticmethod
    async def is_used(session: AsyncSession, telegram_user_id: int, by: UUID) -> bool:
        query = select(PhoneLink.id).where(
            col(PhoneLink.telegram_user_id) == telegram_user_id, col(PhoneLink.used_by) == by
        )
        return (await session.exec(query)).first() is not None
