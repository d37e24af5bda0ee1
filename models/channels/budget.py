"""Send budgets of Telegram groups, shared by all workers, and the queue for them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Double, Integer, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.pace import Bucket


class Group(SQLModel, table=True):
    """A token bucket per bot and group (`domain.kernel.pace.Bucket`), shared by all its topics.

    Per bot, so that two organisations in one group do not take each other's turns.
    """

    __tablename__ = "telegram_groups"

    bot_id: UUID = Field(foreign_key="bots.id", primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, primary_key=True)
    tokens: float = Field(sa_type=Double)
    refilled_at: datetime
    blocked_until: datetime | None = None

    @property
    def bucket(self) -> Bucket:
        return Bucket(self.tokens, self.refilled_at, self.blocked_until)

    @bucket.setter
    def bucket(self, bucket: Bucket) -> None:
        self.tokens, self.refilled_at, self.blocked_until = bucket.tokens, bucket.refilled_at, bucket.blocked_until

    @staticmethod
    async def locked(session: AsyncSession, bot_id: UUID, chat_id: int, full: Bucket) -> "Group":
        """The locked row of the group, made with a full bucket if missing."""
        query = select(Group).where(col(Group.bot_id) == bot_id, col(Group.chat_id) == chat_id).with_for_update()
        group = (await session.exec(query)).first()
        if group is None:
            row = insert(Group).values(bot_id=bot_id, chat_id=chat_id, tokens=full.tokens, refilled_at=full.refilled_at)
            await (await session.connection()).execute(row.on_conflict_do_nothing())
            group = (await session.exec(query)).one()
        return group


class Wait(SQLModel, table=True):
    """A dialog in the queue for the group's next send; without a return in time it loses its place."""

    __tablename__ = "telegram_waits"

    bot_id: UUID = Field(foreign_key="bots.id", primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, primary_key=True)
    dialog_id: UUID = Field(foreign_key="dialogs.id", primary_key=True)
    priority: int = Field(sa_type=Integer)
    asked_at: datetime
    retry_at: datetime

    @staticmethod
    async def queue(session: AsyncSession, bot_id: UUID, chat_id: int, came_back_since: datetime) -> Sequence["Wait"]:
        query = select(Wait).where(col(Wait.bot_id) == bot_id, col(Wait.chat_id) == chat_id)
        query = query.where(col(Wait.retry_at) >= came_back_since)
        return (await session.exec(query.order_by(col(Wait.priority), col(Wait.asked_at)))).all()

    @staticmethod
    async def enter(session: AsyncSession, wait: "Wait") -> None:
        """Adds the dialog to the queue or updates its times."""
        row = insert(Wait).values(**wait.model_dump())
        again = row.on_conflict_do_update(
            index_elements=["bot_id", "chat_id", "dialog_id"],
            set_={"priority": wait.priority, "asked_at": wait.asked_at, "retry_at": wait.retry_at},
        )
        await (await session.connection()).execute(again)

    @staticmethod
    async def leave(session: AsyncSession, chat_id: int, dialog_id: UUID) -> None:
        done = delete(Wait).where(col(Wait.chat_id) == chat_id, col(Wait.dialog_id) == dialog_id)
        await (await session.connection()).execute(done)
