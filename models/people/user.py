"""Clients as users of the client app, with their login; the client product may have created the table already."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Index, func, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from domain.people.confirmation import ConfirmedBy
from models.kernel.columns import choice, created, key


class User(SQLModel, table=True):
    """`phone` and `email` belong to the login: only the client changes them, in the client's own session.

    `new_phone` and `new_email` wait for their confirmation. A phone that nobody has confirmed goes to the account that
    proves it.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_phone", "phone", unique=True),
        Index(
            "uq_users_email_confirmed",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("email_confirmed_at IS NOT NULL"),
        ),
        Index("uq_users_telegram_user_id", "telegram_user_id", unique=True),
    )

    id: UUID = key()
    phone: str | None = Field(default=None, max_length=32)
    email: str | None = Field(default=None, max_length=sizes.EMAIL)
    name: str | None = Field(default=None, max_length=sizes.LINE)
    address: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    password_hash: str | None = Field(default=None, max_length=255)
    has_subscription: bool | None = Field(
        default=False, nullable=True, sa_column_kwargs={"server_default": text("false")}
    )
    blocked_at: datetime | None = None
    created_at: datetime = created()
    phone_confirmed_at: datetime | None = None
    phone_confirmed_by: ConfirmedBy | None = choice(ConfirmedBy, "phone_confirmed_by", nullable=True)
    new_phone: str | None = Field(default=None, max_length=10)
    email_confirmed_at: datetime | None = None
    new_email: str | None = Field(default=None, max_length=sizes.EMAIL)
    telegram_user_id: int | None = Field(default=None, sa_type=BigInteger)
    telegram_linked_at: datetime | None = None

    @property
    def phone_is_confirmed(self) -> bool:
        """A time alone is not enough: a column of that name may be another product's."""
        return self.phone is not None and self.phone_confirmed_at is not None and self.phone_confirmed_by is not None

    @staticmethod
    async def by_phone(session: AsyncSession, phone: str) -> "User | None":
        """By the ten digits, also if the client product stored them with a country prefix."""
        query = select(User).where(_has_phone(phone)).order_by(func.length(col(User.phone))).limit(1)
        return (await session.exec(query)).first()

    @staticmethod
    async def newest_unconfirmed(session: AsyncSession, phone: str) -> "User | None":
        """Of the accounts that hold the phone or wait for it, and have confirmed none."""
        meant = or_(_has_phone(phone), col(User.new_phone) == phone)
        unconfirmed = or_(col(User.phone_confirmed_at).is_(None), col(User.phone_confirmed_by).is_(None))
        query = select(User).where(meant, unconfirmed).order_by(col(User.created_at).desc(), col(User.id)).limit(1)
        return (await session.exec(query)).first()

    @staticmethod
    async def by_login(session: AsyncSession, phone: str) -> "User | None":
        """Who has the phone; where nobody has it, the newest account that waits for its confirmation."""
        if (holder := await User.by_phone(session, phone)) is not None:
            return holder
        waiting = select(User).where(col(User.new_phone) == phone, col(User.phone).is_(None))
        return (await session.exec(waiting.order_by(col(User.created_at).desc(), col(User.id)).limit(1))).first()

    @staticmethod
    async def lock_address(session: AsyncSession, address: str) -> None:
        """One at a time decides whose the phone (ten digits) or the e-mail address is, until the transaction ends."""
        digest = func.hashtextextended(address.strip().lower(), _ADDRESS_LOCK)
        await session.exec(select(func.pg_advisory_xact_lock(digest)))

    @staticmethod
    async def ids_with_phone(session: AsyncSession, phone: str) -> Sequence[UUID]:
        return (await session.exec(select(User.id).where(_has_phone(phone)))).all()

    @staticmethod
    async def ids_with_email(session: AsyncSession, email: str) -> Sequence[UUID]:
        """Case-insensitive."""
        return (await session.exec(select(User.id).where(func.lower(col(User.email)) == email.lower()))).all()

    @staticmethod
    async def phone_is_taken(session: AsyncSession, phone: str, *, besides: UUID | None = None) -> bool:
        """Whether another account has confirmed the phone."""
        confirmed = select(User.id).where(
            _has_phone(phone),
            col(User.phone_confirmed_at).is_not(None),
            col(User.phone_confirmed_by).is_not(None),
            col(User.id).is_distinct_from(besides),
        )
        return (await session.exec(confirmed)).first() is not None

    @staticmethod
    async def email_is_confirmed(session: AsyncSession, email: str, *, besides: UUID | None = None) -> bool:
        """Whether another account has confirmed the address, case-insensitive."""
        confirmed = select(User.id).where(
            func.lower(col(User.email)) == email.lower(),
            col(User.email_confirmed_at).is_not(None),
            col(User.id).is_distinct_from(besides),
        )
        return (await session.exec(confirmed)).first() is not None

    @staticmethod
    async def with_telegram(session: AsyncSession, telegram_user_id: int) -> UUID | None:
        """The account that a Telegram account is linked to."""
        return (await session.exec(select(User.id).where(col(User.telegram_user_id) == telegram_user_id))).first()

    @staticmethod
    async def locked(session: AsyncSession, ids: Collection[UUID]) -> Sequence["User"]:
        """The rows, locked until the transaction ends; the caller has locked their cards before."""
        query = select(User).where(col(User.id).in_(ids)).order_by(col(User.id)).with_for_update()
        return (await session.exec(query.execution_options(populate_existing=True))).all()

    @staticmethod
    async def add(session: AsyncSession, user: "User") -> bool:
        """Insert the user; False if the phone is taken, also by a concurrent registration."""
        row = insert(User).values(user.model_dump()).on_conflict_do_nothing(index_elements=["phone"])
        return (await (await session.connection()).execute(row.returning(col(User.id)))).first() is not None


_ADDRESS_LOCK: Final = 0x61646472
"""Seed of the advisory locks of addresses, «addr»."""


def _has_phone(phone: str) -> ColumnElement[bool]:
    return col(User.phone).in_((phone, f"+7{phone}", f"7{phone}", f"8{phone}"))


def client_caller(user_id: UUID) -> str:
    """`Draft.caller` of a client's requests."""
    return f"client:{user_id}"
