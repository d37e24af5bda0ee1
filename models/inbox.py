"""What has knocked before: updates of Telegram and webhooks of Avito, each taken once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.columns import created
from models.dialog import Dialog, DialogState
from models.message import Attachment, Copy, Message


@dataclass(frozen=True)
class Topic:
    """The conversation that a topic shows."""

    dialog_id: UUID
    account_id: UUID
    chat_id: str


@dataclass(frozen=True)
class Taken:
    """An update that is new; without `topic` it was said at a place that shows no conversation of the bot."""

    topic: Topic | None


class TelegramUpdate(SQLModel, table=True):
    """A set and no high-water mark: ids are random after a week of silence, and come out of order."""

    __tablename__ = "telegram_updates"
    __table_args__ = (Index("ix_telegram_updates_received", "received_at"),)

    bot_id: UUID = Field(foreign_key="bots.id", primary_key=True)
    update_id: int = Field(sa_type=BigInteger, primary_key=True)
    received_at: datetime = created()

    @staticmethod
    async def take(session: AsyncSession, bot_id: UUID, update_id: int, at: datetime) -> bool:
        """Whether it is new; a second one that comes at the same time waits for the end of the first."""
        row = insert(TelegramUpdate).values(bot_id=bot_id, update_id=update_id, received_at=at)
        connection = await session.connection()
        taken = row.on_conflict_do_nothing().returning(col(TelegramUpdate.update_id))
        return (await connection.execute(taken)).first() is not None

    @staticmethod
    async def take_in_topic(
        session: AsyncSession, bot_id: UUID, update_id: int, chat_id: int, thread_id: int, at: datetime
    ) -> Taken | None:
        """`take`, and whose topic it is, in one journey; None for one that was taken before.

        A topic is the bot's only where a live account of the conversation uses this bot.
        """
        row = insert(TelegramUpdate).values(bot_id=bot_id, update_id=update_id, received_at=at)
        taken = row.on_conflict_do_nothing().returning(col(TelegramUpdate.update_id)).cte("taken")
        topic = (
            select(col(Dialog.id), col(Dialog.avito_account_id), col(Dialog.avito_dialog_id))
            .join(Account, col(Account.id) == col(Dialog.avito_account_id))
            .where(
                col(Dialog.telegram_chat_id) == chat_id,
                col(Dialog.telegram_topic_id) == thread_id,
                col(Account.bot_id) == bot_id,
                col(Account.deleted_at).is_(None),
            )
            .subquery("topic")
        )
        query = select(topic.c.id, topic.c.avito_account_id, topic.c.avito_dialog_id)
        found = (await (await session.connection()).execute(query.select_from(taken.outerjoin(topic, true())))).first()
        if found is None:
            return None
        return Taken(None if found[0] is None else Topic(*found))


class AvitoHint(SQLModel, table=True):
    """That Avito has said a message was there; what it says is read from Avito."""

    __tablename__ = "avito_hints"
    __table_args__ = (Index("ix_avito_hints_received", "received_at"),)

    account_id: UUID = Field(foreign_key="avito_accounts.id", primary_key=True)
    message_id: str = Field(primary_key=True, max_length=120)
    chat_id: str = Field(max_length=120)
    received_at: datetime = created()

    @staticmethod
    async def take(session: AsyncSession, hint: "AvitoHint") -> bool:
        """Whether it is new."""
        row = insert(AvitoHint).values(**hint.model_dump())
        connection = await session.connection()
        taken = row.on_conflict_do_nothing().returning(col(AvitoHint.message_id))
        return (await connection.execute(taken)).first() is not None


async def add_from_staff(session: AsyncSession, message: Message, files: Sequence[Attachment], *, copied: bool) -> bool:
    """Store what was written in a topic, unless it is there; `copied`: answers to it are answers to this message."""
    connection = await session.connection()
    # The number is the database's own.
    row = insert(Message).values(**message.model_dump(exclude={"number"}))
    added = row.on_conflict_do_nothing().returning(col(Message.id))
    if (await connection.execute(added)).first() is None:
        return False
    if copied and message.telegram_chat_id is not None and message.telegram_message_id is not None:
        copy = Copy(
            chat_id=message.telegram_chat_id,
            telegram_message_id=message.telegram_message_id,
            dialog_id=message.dialog_id,
            message_id=message.id,
        )
        await connection.execute(insert(Copy).values(**copy.model_dump()).on_conflict_do_nothing())
    if files:
        await connection.execute(insert(Attachment), [file.model_dump() for file in files])
    return True


async def change_topic(session: AsyncSession, dialog_id: UUID, state: DialogState, at: datetime) -> None:
    """A person closed or reopened the topic: the conversation follows."""
    closed = state is DialogState.CLOSED
    row = update(Dialog).where(col(Dialog.id) == dialog_id)
    await (await session.connection()).execute(row.values(state=state, topic_closed=closed, updated_at=at))
