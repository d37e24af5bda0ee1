"""Telegram bots of organisations, the master bot, and requests to a bot outside of dialogs."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import choice, created, key, reference, sealed

TOKEN = "bots.token_sealed"  # noqa: S105 - the purpose of an encryption
TOKEN_INDEX = "bots.token_index"  # noqa: S105
SECRET = "bots.webhook_secret_sealed"  # noqa: S105
REASON: Final = 300

REQUEST = "bot_errands.payload_sealed"


class BotStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    ERROR = "error"


class TopicMode(StrEnum):
    """How conversations are laid out in the group."""

    PER_DIALOG = "per_dialog"


class Bot(SQLModel, table=True):
    """`organisation_id` null: the master bot. `status_reason`: one Russian line about what is wrong.

    `failing_since`: since when it cannot serve its group, because Telegram is out of reach (with status `active`) or
    refuses it (`error`). Meanwhile nobody calls the group before `retry_at`, and then one asks for all.
    """

    __tablename__ = "bots"
    __table_args__ = (
        Index("uq_bots_token", "token_index", unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("ix_bots_organisation", "organisation_id", "created_at"),
        Index("ix_bots_group", "group_chat_id"),
    )

    id: UUID = key()
    organisation_id: UUID | None = reference("organisations.id", nullable=True)
    token_sealed: bytes = sealed(nullable=False)
    token_index: bytes = Field(sa_type=LargeBinary)
    telegram_id: int = Field(sa_type=BigInteger)
    username: str = Field(max_length=64)
    status: BotStatus = choice(BotStatus, "bot_status", default=BotStatus.ACTIVE)
    status_reason: str | None = Field(default=None, max_length=REASON)
    group_chat_id: int | None = Field(default=None, sa_type=BigInteger)
    topic_mode: TopicMode = choice(TopicMode, "topic_mode", default=TopicMode.PER_DIALOG)
    webhook_secret_sealed: bytes | None = sealed()
    webhook_set_at: datetime | None = None
    webhook_last_error: str | None = Field(default=None, max_length=REASON)
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    created_at: datetime = created()
    updated_at: datetime = created()
    deleted_at: datetime | None = None

    def fail(self, at: datetime, retry_at: datetime) -> None:
        self.failing_since, self.retry_at = self.failing_since or at, retry_at

    def work(self) -> None:
        self.failing_since = self.retry_at = None

    @staticmethod
    async def live(session: AsyncSession, bot_id: UUID) -> "Bot | None":
        return (await session.exec(select(Bot).where(col(Bot.id) == bot_id, col(Bot.deleted_at).is_(None)))).first()

    @staticmethod
    async def masters(session: AsyncSession) -> Sequence["Bot"]:
        """Live master bots (none or one), locked until the transaction ends."""
        query = select(Bot).where(col(Bot.organisation_id).is_(None), col(Bot.deleted_at).is_(None))
        return (await session.exec(query.with_for_update())).all()

    @staticmethod
    async def master_name(session: AsyncSession) -> str | None:
        """The name of the master bot without `@`; None without one, empty until Telegram has told it."""
        query = select(Bot.username).where(col(Bot.organisation_id).is_(None), col(Bot.deleted_at).is_(None))
        return (await session.exec(query.limit(1))).first()

    @staticmethod
    async def find(session: AsyncSession, bot_id: UUID, *, lock: bool = False) -> "Bot | None":
        """Also a deleted bot. The lock does not block rows that refer to it."""
        query = select(Bot).where(col(Bot.id) == bot_id)
        return (await session.exec(query.with_for_update(key_share=True) if lock else query)).first()

    @staticmethod
    async def live_ids(session: AsyncSession) -> Sequence[UUID]:
        return (await session.exec(select(Bot.id).where(col(Bot.deleted_at).is_(None)))).all()

    @staticmethod
    async def change_status(
        session: AsyncSession, bot_id: UUID, status: BotStatus, reason: str | None, at: datetime
    ) -> None:
        """Stores a status unless a person has switched the bot off; with `error` the bot is asked again at once."""
        row = update(Bot).where(
            col(Bot.id) == bot_id,
            col(Bot.status) != BotStatus.INACTIVE,
            (col(Bot.status) != status) | col(Bot.status_reason).is_distinct_from(reason),
        )
        failing = at if status is BotStatus.ERROR else None
        values = row.values(status=status, status_reason=reason, updated_at=at, failing_since=failing, retry_at=failing)
        await (await session.connection()).execute(values)


class BotRequest(SQLModel, table=True):
    """A request outside of dialogs (`/start`, `/getid` in General), answered by the bot's workflow.

    `update_id`: of the update; negative: of a place, for what is said there once.
    """

    __tablename__ = "bot_errands"
    __table_args__ = (Index("ix_bot_errands_open", "bot_id", "update_id", postgresql_where=text("done_at IS NULL")),)

    bot_id: UUID = Field(foreign_key="bots.id", primary_key=True)
    update_id: int = Field(sa_type=BigInteger, primary_key=True)
    payload_sealed: bytes = sealed(nullable=False)
    created_at: datetime = created()
    done_at: datetime | None = None

    @staticmethod
    async def add(session: AsyncSession, request: "BotRequest") -> bool:
        """Whether the update is new."""
        row = insert(BotRequest).values(**request.model_dump()).on_conflict_do_nothing()
        connection = await session.connection()
        return (await connection.execute(row.returning(col(BotRequest.update_id)))).first() is not None

    @staticmethod
    async def open(session: AsyncSession, bot_id: UUID, limit: int) -> Sequence["BotRequest"]:
        """Open requests in order of arrival."""
        query = select(BotRequest).where(col(BotRequest.bot_id) == bot_id, col(BotRequest.done_at).is_(None))
        return (await session.exec(query.order_by(col(BotRequest.update_id)).limit(limit))).all()

    @staticmethod
    async def close(
        session: AsyncSession, bot_id: UUID, update_id: int, at: datetime, payload_sealed: bytes | None = None
    ) -> None:
        """`payload_sealed`: what is kept in place of the request."""
        row = update(BotRequest).where(col(BotRequest.bot_id) == bot_id, col(BotRequest.update_id) == update_id)
        await (await session.connection()).execute(
            row.where(col(BotRequest.done_at).is_(None)).values(
                {"done_at": at} | ({"payload_sealed": payload_sealed} if payload_sealed is not None else {})
            )
        )
