"""Deduplication of incoming Telegram updates and Avito webhooks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.account import Account
from models.channels.bot import Bot
from models.conversations.dialog import AVITO_ID, Dialog, FormerTopic
from models.conversations.message import Attachment, Copy, Message
from models.kernel.columns import created


@dataclass(frozen=True)
class Topic:
    """The conversation of a topic; `former`: an earlier topic of it."""

    dialog_id: UUID
    account_id: UUID
    chat_id: str
    former: bool = False


@dataclass(frozen=True)
class Taken:
    """A new update; `topic` is null if its place shows no conversation that the bot leads.

    Then `gone`: it shows one of the bot whose account is removed; `elsewhere`: one that a bot of another group leads;
    `free`: none at all. Else another bot in the group leads it.
    """

    topic: Topic | None
    gone: bool = False
    elsewhere: bool = False
    free: bool = False


@dataclass(frozen=True)
class NewHint:
    """`message`: Avito's message id, one key per state of the message; `author`: Avito's number of the writer of a new
    message, else null. Hints and sends from before `lost` are not relied upon."""

    account: UUID
    message: str
    chat: str
    author: int | None
    at: datetime
    lost: datetime


class TelegramUpdate(SQLModel, table=True):
    """Known update ids; a set, because ids come out of order and restart at random after a silent week."""

    __tablename__ = "telegram_updates"
    __table_args__ = (Index("ix_telegram_updates_received", "received_at"),)

    bot_id: UUID = Field(foreign_key="bots.id", primary_key=True)
    update_id: int = Field(sa_type=BigInteger, primary_key=True)
    received_at: datetime = created()

    @staticmethod
    async def take(session: AsyncSession, bot_id: UUID, update_id: int, at: datetime) -> bool:
        """Whether the update is new; a concurrent duplicate waits for the first."""
        row = insert(TelegramUpdate).values(bot_id=bot_id, update_id=update_id, received_at=at)
        connection = await session.connection()
        taken = row.on_conflict_do_nothing().returning(col(TelegramUpdate.update_id))
        return (await connection.execute(taken)).first() is not None

    @staticmethod
    async def take_in_topic(
        session: AsyncSession, bot_id: UUID, update_id: int, chat_id: int, thread_id: int, at: datetime
    ) -> Taken | None:
        """`take` with the topic's conversation, in one statement; None for a known update.

        The bot leads a topic only if a live account of the conversation uses it.
        """
        values = {"bot": bot_id, "update": update_id, "at": at, "chat": chat_id, "thread": thread_id}
        found = (await (await session.connection()).execute(_TAKE_IN_TOPIC, values)).first()
        if found is None:
            return None
        dialog_id, account_id, avito_id, former, mine, gone, led_here = found
        if dialog_id is None:
            return Taken(None, free=True)
        if mine and not gone:
            return Taken(Topic(dialog_id, account_id, avito_id, former))
        return Taken(None, gone=mine and gone, elsewhere=not (mine or gone or led_here))


class AvitoHint(SQLModel, table=True):
    """A webhook of Avito about a message; the message itself is read from Avito."""

    __tablename__ = "avito_hints"
    __table_args__ = (
        Index("ix_avito_hints_received", "received_at"),
        Index("ix_avito_hints_open", "account_id", "chat_id", postgresql_where=text("taken_at IS NULL")),
    )

    account_id: UUID = Field(foreign_key="avito_accounts.id", primary_key=True)
    message_id: str = Field(primary_key=True, max_length=AVITO_ID)
    chat_id: str = Field(max_length=AVITO_ID)
    received_at: datetime = created()
    taken_at: datetime | None = None

    @staticmethod
    async def add(connection: AsyncConnection, hint: NewHint, sealed: bytes | None) -> bool | None:
        """Stores a hint; returns whether to wake the conversation: it is new, and no earlier wake of the chat is under
        way.

        False for the echo of an own send, known or just begun. If it hides a message of the buyer whose webhook was
        lost, a sweep finds it, because the chat was not read since. Hints and sends older than `hint.lost` may have
        died with a process and are not relied upon. With `sealed`, None and nothing stored if the account is gone or
        has another secret.
        """
        found = (await connection.execute(_NEW_HINT, {**vars(hint), "sealed": sealed})).first()
        return None if found is None else found.expected is False

    @staticmethod
    async def open_in(connection: AsyncConnection, account_id: UUID, chat_id: str) -> list[str]:
        """Message ids of open hints, which a read from now on covers; meanwhile other hints do not wake."""
        found = await connection.execute(_OPEN_HINTS, {"account": account_id, "chat": chat_id})
        return list(found.scalars())

    @staticmethod
    async def take(
        connection: AsyncConnection, account_id: UUID, chat_id: str, messages: Collection[str], at: datetime
    ) -> bool:
        """Closes hints; returns whether others are open that have not woken because of these.

        A new hint locks the open one it relies on until it is stored. So either the second statement sees it, or it
        sees the first one's change and wakes.
        """
        chat = {"account": account_id, "chat": chat_id}
        await connection.execute(_TAKE_HINTS, {**chat, "messages": list(messages), "at": at})
        return (await connection.execute(_OPEN_HINTS, chat)).first() is not None


async def add_from_staff(session: AsyncSession, message: Message, files: Sequence[Attachment], *, copied: bool) -> bool:
    """Stores a message of staff unless known; `copied`: answers to the Telegram message mean this one."""
    connection = await session.connection()
    # The database assigns the number.
    added = await connection.execute(_NEW_MESSAGE, message.model_dump(exclude={"number"}))
    if added.first() is None:
        return False
    if copied and message.telegram_chat_id is not None and message.telegram_message_id is not None:
        copy = Copy(
            chat_id=message.telegram_chat_id,
            telegram_message_id=message.telegram_message_id,
            dialog_id=message.dialog_id,
            message_id=message.id,
        )
        await connection.execute(_NEW_COPY, copy.model_dump())
    if files:
        await connection.execute(_NEW_FILE, [file.model_dump() for file in files])
    return True


async def locked_dialog(session: AsyncSession, dialog_id: UUID) -> Dialog:
    return await session.get_one(Dialog, dialog_id, with_for_update={"key_share": True})


def _take_in_topic() -> Select[Any]:
    known = insert(TelegramUpdate).on_conflict_do_nothing().returning(col(TelegramUpdate.update_id))
    values: dict[str, Any] = {
        "bot_id": bindparam("bot"),
        "update_id": bindparam("update"),
        "received_at": bindparam("at"),
    }
    taken = known.values(**values).cte("taken")
    here = (
        col(Dialog.telegram_chat_id) == bindparam("chat"),
        col(Dialog.telegram_topic_id) == bindparam("thread"),
    )
    before = (
        col(FormerTopic.dialog_id) == col(Dialog.id),
        col(FormerTopic.chat_id) == bindparam("chat"),
        col(FormerTopic.topic_id) == bindparam("thread"),
    )
    topic = union_all(_shown(*here, former=False), _shown(*before, former=True)).subquery("topic")
    columns = ("id", "avito_account_id", "avito_dialog_id", "former", "mine", "gone", "led_here")
    found = select(*(topic.c[name] for name in columns)).select_from(taken.outerjoin(topic, true()))
    # Of several the one that the bot leads, and of those the present one.
    return found.order_by(topic.c.mine.desc(), topic.c.gone, topic.c.former).limit(1)


def _shown(*where: ColumnElement[bool], former: bool) -> Select[UUID, UUID, str, bool, bool, bool, bool]:
    """Conversations at this place: whether their account uses this bot, is removed, and whether its bot is here."""
    return (
        select(
            col(Dialog.id),
            col(Dialog.avito_account_id),
            col(Dialog.avito_dialog_id),
            literal(former).label("former"),
            (col(Account.bot_id) == bindparam("bot")).label("mine"),
            col(Account.deleted_at).is_not(None).label("gone"),
            and_(col(Bot.deleted_at).is_(None), func.coalesce(col(Bot.group_chat_id), 0) == bindparam("chat")).label(
                "led_here"
            ),
        )
        .join(Account, col(Account.id) == col(Dialog.avito_account_id))
        .join(Bot, col(Bot.id) == col(Account.bot_id))
        .where(*where)
    )


# Built once, over tables where there are many values: building takes as long as running.
_TAKE_IN_TOPIC = _take_in_topic()
_NEW_HINT = text("""
    WITH account AS (
        SELECT id, avito_user_id FROM avito_accounts
        WHERE id = :account AND (
            CAST(:sealed AS bytea) IS NULL OR (deleted_at IS NULL AND webhook_secret_sealed = CAST(:sealed AS bytea))
        )
    ), ours AS (
        SELECT dialogs.id FROM account JOIN dialogs ON avito_account_id = account.id AND avito_dialog_id = :chat
        WHERE avito_user_id = CAST(:author AS bigint)
    ), echo AS (
        SELECT FROM ours JOIN message_sends AS sent ON sent.dialog_id = ours.id AND avito_message_id = :message
        UNION ALL
        SELECT FROM ours JOIN message_sends AS begun ON begun.dialog_id = ours.id
        WHERE status = 'claimed' AND started_at > CAST(:lost AS timestamptz)
    ), earlier AS (
        SELECT FROM account JOIN avito_hints AS hint ON hint.account_id = account.id
        WHERE hint.chat_id = :chat AND hint.taken_at IS NULL AND received_at > CAST(:lost AS timestamptz)
        LIMIT 1
        FOR SHARE OF hint
    ), new AS (
        INSERT INTO avito_hints (account_id, message_id, chat_id, received_at, taken_at)
        SELECT
            id, CAST(:message AS varchar), CAST(:chat AS varchar), CAST(:at AS timestamptz),
            CASE WHEN EXISTS (SELECT FROM echo) THEN CAST(:at AS timestamptz) END
        FROM account
        ON CONFLICT DO NOTHING
        RETURNING taken_at IS NOT NULL OR EXISTS (SELECT FROM earlier) AS expected
    )
    SELECT new.expected FROM account LEFT JOIN new ON true
""")
_TAKE_HINTS = text("""
    UPDATE avito_hints SET taken_at = :at
    WHERE account_id = :account AND chat_id = :chat AND taken_at IS NULL
    AND message_id = ANY(CAST(:messages AS varchar[]))
""")
_OPEN_HINTS = text("""
    SELECT message_id FROM avito_hints WHERE account_id = :account AND chat_id = :chat AND taken_at IS NULL
""")
_MESSAGES, _COPIES, _FILES = (
    SQLModel.metadata.tables[name] for name in ("dialog_messages", "telegram_copies", "attachments")
)
_NEW_MESSAGE = insert(_MESSAGES).on_conflict_do_nothing().returning(_MESSAGES.c.id)
_NEW_COPY = insert(_COPIES).on_conflict_do_nothing()
_NEW_FILE = insert(_FILES)
