"""Messages of a dialog, what of them was posted to Avito, where they stand in Telegram, and their files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, bindparam, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from domain.conversations.content import INTERNAL
from models.conversations.dialog import AVITO_ID
from models.kernel.columns import choice, created, key, reference, sealed

BODY = "dialog_messages.body_sealed"
"""Purpose of the encryption of `body_sealed`: a JSON object, `text` and what else the kind has."""

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
    """`claimed`: a POST was or is under way and nobody knows yet how it ended."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class Message(SQLModel, table=True):
    """`number` is the order of a dialog. `source_key` names where it came from, once per dialog:
    `avito:{id}`, `telegram:{chat}:{message}` (`…:edit:{time}`), `api:{draft}`, `auto:{what it answers}`.

    `settled_at`: nothing is left to do about it: shown in the topic, or sent, or failed (one of the API's and an
    auto-reply: sent and shown). `show_attempts` counts claims of showing it; above 0 without `settled_at` nobody knows
    whether it is there. `reaction_wanted` is null when `reaction` is what it should be.
    `hidden`: stored, counted, never shown (keyword filter, system messages, a blocked buyer).
    `kind` is a `domain.conversations.content.Kind`. `created_at` is the source's time, `received_at` ours.
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
    show_attempts: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    reaction: str | None = Field(default=None, max_length=16)
    reaction_wanted: str | None = Field(default=None, max_length=16)
    deleted_at: datetime | None = None
    created_at: datetime = created()
    received_at: datetime = created()
    settled_at: datetime | None = None

    @staticmethod
    async def open_of(session: AsyncSession, dialog_id: UUID) -> list["Message"]:
        """All about which something is left to do, in the dialog's order, as the database has it."""
        return list((await session.exec(_OPEN, params={"dialog": dialog_id})).all())

    @staticmethod
    async def of_sources(session: AsyncSession, dialog_id: UUID, keys: Collection[str]) -> dict[str, datetime | None]:
        """Which of these are there, by `source_key`, and when each was deleted."""
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
    async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence["Message"]:
        return (await session.exec(select(Message).where(col(Message.id).in_(ids)))).all()

    @staticmethod
    async def last_shown(session: AsyncSession, dialog_id: UUID, before: int | None, limit: int) -> list["Message"]:
        """The newest that stood in the topic (without our own notices), oldest first; `before` is a `number`."""
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
        """What did not reach the buyer, oldest first."""
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


# Made once, those that every reading of a chat asks: to build one takes as long as to run it.
_OPEN = _open()
_OF_SOURCES = text("""
    SELECT source_key, deleted_at FROM dialog_messages
    WHERE dialog_id = :dialog AND source_key = ANY(CAST(:keys AS varchar[]))
""")


class Send(SQLModel, table=True):
    """One POST to Avito: a text of up to 1,000 signs, or an image. `looks` counts how often it was looked for since."""

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
    """A Telegram message that shows a message of ours, or is the one that staff wrote."""

    __tablename__ = "telegram_copies"

    chat_id: int = Field(sa_type=BigInteger, primary_key=True)
    telegram_message_id: int = Field(sa_type=BigInteger, primary_key=True)
    dialog_id: UUID = reference("dialogs.id", index=True)
    message_id: UUID = reference("dialog_messages.id", index=True)


class Attachment(SQLModel, table=True):
    """`source_sealed`: where the bytes are until they are stored under `storage_key`:
    `{"url"}`, `{"voice_id"}` or `{"file_id", "size"}` of the bot."""

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
    created_at: datetime = created()
