"""How much may still be sent to a Telegram group, shared by all workers, and who waits for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Double, Integer, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.pace import Bucket


class Group(SQLModel, table=True):
    """A bucket of sends per bot and group, as Telegram counts (`domain.pace.Bucket`); all topics draw from it.

    Of two organisations that name the same group none takes the other's turn.
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
        """The group's row, made with a full bucket when it is not there; nobody else draws before the end."""
        query = select(Group).where(col(Group.bot_id) == bot_id, col(Group.chat_id) == chat_id).with_for_update()
        group = (await session.exec(query)).first()
        if group is None:
            row = insert(Group).values(bot_id=bot_id, chat_id=chat_id, tokens=full.tokens, refilled_at=full.refilled_at)
            await (await session.connection()).execute(row.on_conflict_do_nothing())
            group = (await session.exec(query)).one()
        return group


class Wait(SQLModel, table=True):
    """A dialog in the queue for the group's next send; one that does not come back in time loses its place."""

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
        """Into the queue, or on in it: who asks again keeps the place of his first asking."""
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
