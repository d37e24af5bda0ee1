"""Avito accounts: key, token, webhook, sweep position, pace."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from domain.kernel.turns import Pace
from models.kernel.columns import choice, created, key, reference, sealed

CLIENT_SECRET = "avito_accounts.secret_sealed"  # noqa: S105 - the purpose of an encryption
ACCESS_TOKEN = "avito_accounts.token_sealed"  # noqa: S105
WEBHOOK_SECRET = "avito_accounts.webhook_secret_sealed"  # noqa: S105

_LIVE_SECRET = text("SELECT webhook_secret_sealed FROM avito_accounts WHERE id = :account AND deleted_at IS NULL")


class AccountStatus(StrEnum):
    """`expired`: the key is not accepted; `blocked`: it is, but Avito does not let it near the messenger."""

    ACTIVE = "active"
    EXPIRED = "expired"
    BLOCKED = "blocked"


class Account(SQLModel, table=True):
    """`connected_at`: the first sweep; older messages are not imported, except recent unread ones.

    `blocked_until` to `queued_until` are Avito's pace (`domain.kernel.turns.Pace`).
    """

    __tablename__ = "avito_accounts"
    __table_args__ = (
        Index(
            "uq_avito_accounts_client",
            "organisation_id",
            "api_client_id",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_avito_accounts_bot", "bot_id"),
    )

    id: UUID = key()
    organisation_id: UUID = reference("organisations.id")
    bot_id: UUID = reference("bots.id")
    name: str = Field(max_length=sizes.LINE)
    api_client_id: str = Field(max_length=sizes.LINE)
    secret_sealed: bytes = sealed(nullable=False)
    avito_user_id: int | None = Field(default=None, sa_type=BigInteger)
    status: AccountStatus = choice(AccountStatus, "account_status", default=AccountStatus.ACTIVE)
    status_reason: str | None = Field(default=None, max_length=300)
    monitoring_enabled: bool = Field(default=True, nullable=False, sa_column_kwargs={"server_default": text("true")})
    webhook_enabled: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    webhook_last_error: str | None = Field(default=None, max_length=300)
    webhook_secret_sealed: bytes | None = sealed()
    webhook_checked_at: datetime | None = None
    token_sealed: bytes | None = sealed()
    token_expires_at: datetime | None = None
    connected_at: datetime | None = None
    watermark: datetime | None = None
    blocked_until: datetime | None = None
    interval_ms: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    slowed_at: datetime | None = None
    refusals: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    next_at: datetime | None = None
    queued_until: datetime | None = None
    created_at: datetime = created()
    updated_at: datetime = created()
    deleted_at: datetime | None = None

    @property
    def pace(self) -> Pace:
        return Pace(
            self.blocked_until, self.interval_ms, self.slowed_at, self.refusals, self.next_at, self.queued_until
        )

    @pace.setter
    def pace(self, pace: Pace) -> None:
        self.blocked_until, self.interval_ms, self.slowed_at = pace.blocked_until, pace.interval_ms, pace.slowed_at
        self.refusals, self.next_at, self.queued_until = pace.refusals, pace.next_at, pace.queued_until

    @staticmethod
    async def live(session: AsyncSession, account_id: UUID) -> "Account | None":
        query = select(Account).where(col(Account.id) == account_id, col(Account.deleted_at).is_(None))
        return (await session.exec(query)).first()

    @staticmethod
    async def live_secret(connection: AsyncConnection, account_id: UUID) -> bytes | None:
        """The sealed webhook secret; None also for an unknown account."""
        found: bytes | None = (await connection.execute(_LIVE_SECRET, {"account": account_id})).scalar()
        return found

    @staticmethod
    async def find(session: AsyncSession, account_id: UUID, *, lock: bool = False) -> "Account | None":
        """Also a deleted account. The lock does not block rows that refer to it."""
        return (await session.exec(_FIND_LOCKED if lock else _FIND, params={"account": account_id})).first()

    @staticmethod
    async def live_ids(session: AsyncSession) -> Sequence[UUID]:
        return (await session.exec(select(Account.id).where(col(Account.deleted_at).is_(None)))).all()


# Built once: each activity of a conversation opens its account.
_FIND = select(Account).where(col(Account.id) == bindparam("account"))
_FIND_LOCKED = _FIND.with_for_update(key_share=True)
