"""Messages of a dialog, their sends to Avito, their copies in Telegram, their files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, bindparam, text
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from domain.conversations.content import INTERNAL
from models.conversations.dialog import AVITO_ID
from models.kernel.columns import choice, created, key, reference, sealed

BODY = "dialog_messages.body_sealed"
"""Encryption purpose of `body_sealed`: a JSON object with `text` and fields of the kind."""

SEND_BODY = "message_sends.body_sealed"
SOURCE = "attachments.source_sealed"


FAILURE: Final = 300
ALBUM: Final = 64
FILE_NAME: Final = 200
CONTENT_TYPE: Final = 100


class Direction(StrEnum):
    """`avito`: it came from Avito; `telegram`: it goes to Avito."""

    AVITO = "avito"
    TELEGRAM = "telegram"


class Author(StrEnum):
    """`seller_app`: the seller himself, in Avito's app."""

    BUYER = "buyer"
    SELLER_APP = "seller_app"
    STAFF = "staff"
    API = "api"
    AUTO = "auto"
    SYSTEM = "system"


class Delivery(StrEnum):
    """Goes one way only: pending, sent, delivered; or failed, from which only `retry` leads back to pending."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class SendStatus(StrEnum):
    """`claimed`: a POST is under way or its outcome unknown."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class Message(SQLModel, table=True):
    """`number` orders a dialog. `source_key` is unique in it: `avito:{id}`, `telegram:{chat}:{message}`
    (`…:edit:{time}`), `api:{draft}`, `auto:{interval}`, `notice:{name}`.

    `settled_at`: nothing is left to do: shown in the topic, sent, or failed (of the API and auto-replies: sent and
    shown). `show_attempts` counts claims of showing; above 0 without `settled_at` it may be in the topic.
    `reaction_wanted` is null if `reaction` is right. `hidden`: stored and counted, never shown (keyword filter, system
    messages, blocked buyer). `file_due_at`: the file of an open message has not come, staff are told, later messages go
    on, and it is asked for again then. `kind` is a `domain.conversations.content.Kind`. `created_at` is the source's
    time, `received_at` ours.
    """

    __tablename__ = "dialog_messages"
    __table_args__ = (
        Index("uq_dialog_messages_source", "dialog_id", "source_key", unique=True),
        Index("ix_dialog_messages_order", "dialog_id", "number"),
        Index(
            "ix_dialog_messages_open",
            "dialog_id",
            "number",
            postgresql_where=text("settled_at IS NULL OR reaction_wanted IS NOT NULL"),
        ),
        Index("ix_dialog_messages_received", "received_at"),
        Index("ix_dialog_messages_failed", "dialog_id", postgresql_where=text("status = 'failed'")),
    )

    id: UUID = key()
    number: int = Field(default=None, sa_type=BigInteger, nullable=False, sa_column_args=[Identity()])
    dialog_id: UUID = reference("dialogs.id")
    source_key: str = Field(max_length=200)
    direction: Direction = choice(Direction, "message_direction")
    author: Author = choice(Author, "message_author")
    kind: str = Field(max_length=32)
    body_sealed: bytes = sealed(nullable=False)
    status: Delivery = choice(Delivery, "message_status", default=Delivery.PENDING)
    failure: str | None = Field(default=None, max_length=FAILURE)
    is_auto_reply: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    hidden: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    manager_id: UUID | None = reference("manager_users.id", nullable=True)
    telegram_chat_id: int | None = Field(default=None, sa_type=BigInteger)
    telegram_message_id: int | None = Field(default=None, sa_type=BigInteger)
    reply_to_telegram_id: int | None = Field(default=None, sa_type=BigInteger)
    album: str | None = Field(default=None, max_length=ALBUM)
    quote_avito_id: str | None = Field(default=None, max_length=AVITO_ID)
    file_due_at: datetime | None = None
    show_attempts: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    reaction: str | None = Field(default=None, max_length=16)
    reaction_wanted: str | None = Field(default=None, max_length=16)
    deleted_at: datetime | None = None
    created_at: datetime = created()
    received_at: datetime = created()
    settled_at: datetime | None = None

    @staticmethod
    async def open_of(session: AsyncSession, dialog_id: UUID) -> list["Message"]:
        """Rows with something left to do, in order, fresh from the database."""
        return list((await session.exec(_OPEN, params={"dialog": dialog_id})).all())

    def resume(self) -> None:
        """Puts a late message among those to show; the row keeps the time until it is shown or put off again."""
        set_committed_value(self, "file_due_at", None)

    @staticmethod
    async def of_sources(session: AsyncSession, dialog_id: UUID, keys: Collection[str]) -> dict[str, datetime | None]:
        """Known ones of these keys, with the time of deletion."""
        if not keys:
            return {}
        connection = await session.connection()
        found = await connection.execute(_OF_SOURCES, {"dialog": dialog_id, "keys": list(keys)})
        return {row.source_key: row.deleted_at for row in found}

    @staticmethod
    async def by_sources(session: AsyncSession, dialog_id: UUID, keys: Collection[str]) -> Sequence["Message"]:
        query = select(Message).where(col(Message.dialog_id) == dialog_id, col(Message.source_key).in_(keys))
        return (await session.exec(query)).all()

    @staticmethod
    async def with_edits(session: AsyncSession, dialog_id: UUID, source_key: str, edits: str) -> Sequence["Message"]:
        """A message of staff and the edits of it, whose keys begin with `edits`, in order."""
        own = col(Message.source_key) == source_key
        query = select(Message).where(
            col(Message.dialog_id) == dialog_id, or_(own, col(Message.source_key).startswith(edits, autoescape=True))
        )
        return (await session.exec(query.order_by(col(Message.number)))).all()

    @staticmethod
    async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence["Message"]:
        return (await session.exec(select(Message).where(col(Message.id).in_(ids)))).all()

    @staticmethod
    async def last_shown(session: AsyncSession, dialog_id: UUID, before: int | None, limit: int) -> list["Message"]:
        """The newest messages shown in the topic, without internal ones, oldest first; `before` is a `number`."""
        query = select(Message).where(
            col(Message.dialog_id) == dialog_id,
            col(Message.settled_at).is_not(None),
            col(Message.hidden).is_(False),
            col(Message.kind).not_in(INTERNAL),
        )
        if before is not None:
            query = query.where(col(Message.number) < before)
        found = (await session.exec(query.order_by(col(Message.number).desc()).limit(limit))).all()
        return list(reversed(found))

    @staticmethod
    async def failed_of(session: AsyncSession, dialog_id: UUID) -> Sequence["Message"]:
        """Messages that failed on the way to the buyer, oldest first."""
        query = select(Message).where(
            col(Message.dialog_id) == dialog_id,
            col(Message.direction) == Direction.TELEGRAM,
            col(Message.status) == Delivery.FAILED,
            col(Message.hidden).is_(False),
            col(Message.kind).not_in(INTERNAL),
        )
        return (await session.exec(query.order_by(col(Message.number)))).all()


def _open() -> SelectOfScalar[Message]:
    left = text("(settled_at IS NULL OR reaction_wanted IS NOT NULL)")
    query = select(Message).where(col(Message.dialog_id) == bindparam("dialog"), left).order_by(col(Message.number))
    return query.execution_options(populate_existing=True)


# Built once: each read of a chat runs it, and building takes as long as running.
_OPEN = _open()
_OF_SOURCES = text("""
    SELECT source_key, deleted_at FROM dialog_messages
    WHERE dialog_id = :dialog AND source_key = ANY(CAST(:keys AS varchar[]))
""")


class Send(SQLModel, table=True):
    """One POST to Avito: a text of up to 1,000 characters or an image. `looks` counts look-ups since the last POST."""

    __tablename__ = "message_sends"
    __table_args__ = (
        Index("uq_message_sends_part", "message_id", "ordinal", unique=True),
        Index("uq_message_sends_avito", "dialog_id", "avito_message_id", unique=True),
        Index(
            "ix_message_sends_open",
            "dialog_id",
            postgresql_where=text("status IN ('pending', 'claimed')"),
        ),
    )

    id: UUID = key()
    dialog_id: UUID = reference("dialogs.id")
    message_id: UUID = reference("dialog_messages.id")
    ordinal: int = Field(sa_type=Integer)
    kind: str = Field(max_length=16)
    body_sealed: bytes | None = sealed()
    attachment_id: UUID | None = reference("attachments.id", nullable=True)
    avito_image_id: str | None = Field(default=None, max_length=200)
    avito_message_id: str | None = Field(default=None, max_length=AVITO_ID)
    status: SendStatus = choice(SendStatus, "send_status", default=SendStatus.PENDING)
    attempts: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    looks: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    started_at: datetime | None = None
    looked_at: datetime | None = None
    sent_at: datetime | None = None
    created_at: datetime = created()


class Copy(SQLModel, table=True):
    """A Telegram message that shows a message, or is the one that staff wrote."""

    __tablename__ = "telegram_copies"

    chat_id: int = Field(sa_type=BigInteger, primary_key=True)
    telegram_message_id: int = Field(sa_type=BigInteger, primary_key=True)
    dialog_id: UUID = reference("dialogs.id", index=True)
    message_id: UUID = reference("dialog_messages.id", index=True)


class Attachment(SQLModel, table=True):
    """`source_sealed`: where to fetch the bytes until they are stored under `storage_key`: `{"url"}`, `{"voice_id"}` or
    the bot's `{"file_id", "size"}`. `fetch_tries`: failures of fetching or handing over this file since it was last
    asked for. `missing_at`: the topic shows words instead of it since then; null again when it is asked for once more.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index("uq_attachments_part", "message_id", "ordinal", unique=True),)

    id: UUID = key()
    message_id: UUID = reference("dialog_messages.id")
    ordinal: int = Field(sa_type=Integer)
    kind: str = Field(max_length=16)
    file_name: str | None = Field(default=None, max_length=FILE_NAME)
    content_type: str | None = Field(default=None, max_length=CONTENT_TYPE)
    size: int | None = Field(default=None, sa_type=BigInteger)
    storage_key: str | None = Field(default=None, max_length=300)
    source_sealed: bytes | None = sealed()
    fetch_tries: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    missing_at: datetime | None = None
    created_at: datetime = created()
