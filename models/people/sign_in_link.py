"""Single-use sign-ins: links of the master bot, and used payloads of Telegram Login."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import choice, created, key
from models.people.manager import Role

LINK_TTL = timedelta(minutes=15)


class LoginLink(SQLModel, table=True):
    """`token_hash` is SHA-256 of the token; the token itself is not stored."""

    __tablename__ = "login_links"

    id: UUID = key()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    telegram_user_id: int = Field(sa_type=BigInteger)
    role: Role = choice(Role, "link_role")
    expires_at: datetime
    used_at: datetime | None = None
    created_at: datetime = created()

    @staticmethod
    async def issue(session: AsyncSession, token_hash: bytes, telegram_user_id: int, role: Role, at: datetime) -> None:
        """Store a link for `LINK_TTL`; issuing the same unused link again extends it."""
        row = LoginLink(
            token_hash=token_hash, telegram_user_id=telegram_user_id, role=role, expires_at=at + LINK_TTL, created_at=at
        )
        again = (
            insert(LoginLink)
            .values(**row.model_dump())
            .on_conflict_do_update(
                index_elements=["token_hash"],
                set_={"expires_at": row.expires_at},
                where=col(LoginLink.used_at).is_(None),
            )
        )
        await (await session.connection()).execute(again)

    @staticmethod
    async def count_others(session: AsyncSession, telegram_user_id: int, token_hash: bytes, since: datetime) -> int:
        """Number of other links issued to the person since `since`."""
        query = select(func.count()).where(
            col(LoginLink.telegram_user_id) == telegram_user_id,
            col(LoginLink.created_at) > since,
            col(LoginLink.token_hash) != token_hash,
        )
        return (await session.exec(query)).one()


class TelegramLogin(SQLModel, table=True):
    """A used payload of the Telegram Login widget."""

    __tablename__ = "telegram_logins"

    hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    used_at: datetime = created()

    @staticmethod
    async def use(session: AsyncSession, digest: bytes, at: datetime) -> bool:
        """Store the payload; False if it was used before."""
        row = insert(TelegramLogin).values(hash=digest, used_at=at)
        connection = await session.connection()
        used = row.on_conflict_do_nothing().returning(col(TelegramLogin.hash))
        return (await connection.execute(used)).first() is not None
