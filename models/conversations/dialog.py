"""Dialogs with buyers: one Avito chat with its topic in a Telegram group."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.search import search_text
from models.kernel.columns import choice, created, key, reference

AVITO_ID: Final = 120
"""Longest id of a chat or a message of Avito that is stored."""

BUYER_NAME: Final = 200
ITEM_TITLE: Final = 300
ITEM_PRICE: Final = 60
ITEM_URL: Final = 500
ITEM_CITY: Final = 120

_NOTE_READ = text("UPDATE dialogs SET unread_on_avito = false WHERE id = :id")


class DialogState(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class Dialog(SQLModel, table=True):
    """`number` is for people and stands in the topic's name.

    `first_unanswered_at`: the buyer's first message since a person's last answer; auto-replies do not count.
    `card_message_id` is 0 while the outcome of its post is unknown. `listed_until`: the newest message of the last read
    of the chat; if the sweep finds another, the chat is read again, also after an own message that may hide one of the
    buyer. `topic_attempts` counts claims of making a topic: after an unknown outcome an empty one may stand in the
    group.
    """

    __tablename__ = "dialogs"
    __table_args__ = (
        Index("uq_dialogs_chat", "avito_account_id", "avito_dialog_id", unique=True),
        Index("uq_dialogs_topic", "telegram_chat_id", "telegram_topic_id", unique=True),
        Index("ix_dialogs_list", "organisation_id", "last_message_at", "id"),
        Index(
            "ix_dialogs_unanswered",
            "organisation_id",
            "last_message_at",
            "id",
            postgresql_where=text("state = 'active' AND first_unanswered_at IS NOT NULL"),
        ),
        Index(
            "ix_dialogs_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    id: UUID = key()
    number: int = Field(default=None, sa_type=BigInteger, nullable=False, sa_column_args=[Identity()])
    organisation_id: UUID = reference("organisations.id")
    avito_account_id: UUID = reference("avito_accounts.id")
    avito_dialog_id: str = Field(max_length=AVITO_ID)
    buyer_id: int | None = Field(default=None, sa_type=BigInteger)
    buyer_name: str | None = Field(default=None, max_length=BUYER_NAME)
    item_id: int | None = Field(default=None, sa_type=BigInteger)
    item_title: str | None = Field(default=None, max_length=ITEM_TITLE)
    item_price: str | None = Field(default=None, max_length=ITEM_PRICE)
    item_url: str | None = Field(default=None, max_length=ITEM_URL)
    item_city: str | None = Field(default=None, max_length=ITEM_CITY)
    title: str = Field(max_length=ITEM_TITLE)
    search_text: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    state: DialogState = choice(DialogState, "dialog_state", default=DialogState.ACTIVE)
    muted_at: datetime | None = None
    telegram_chat_id: int | None = Field(default=None, sa_type=BigInteger)
    telegram_topic_id: int | None = Field(default=None, sa_type=BigInteger)
    topic_attempts: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    topic_closed: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    card_message_id: int | None = Field(default=None, sa_type=BigInteger)
    card_pinned: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    buyer_messages: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    last_message_at: datetime | None = None
    last_buyer_message_at: datetime | None = None
    first_unanswered_at: datetime | None = None
    last_human_reply_at: datetime | None = None
    auto_reply_due_at: datetime | None = None
    auto_reply_last_sent_at: datetime | None = None
    foreign_autoresponder_at: datetime | None = None
    reminded_topic_at: datetime | None = None
    reminded_owner_at: datetime | None = None
    listed_until: str | None = Field(default=None, max_length=AVITO_ID)
    unread_on_avito: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime = created()
    updated_at: datetime = created()

    def index(self) -> None:
        """Updates the text of the quick search; sealed bodies are not searched."""
        self.search_text = search_text(self.title, self.buyer_name, self.item_title, self.item_city, str(self.number))

    async def note_read(self, connection: AsyncConnection) -> None:
        """Stores that the chat is read on Avito."""
        await connection.execute(_NOTE_READ, {"id": self.id})
        set_committed_value(self, "unread_on_avito", False)


class FormerTopic(SQLModel, table=True):
    """Earlier topics of a dialog: before a new topic, or before its group got another id.

    Updates from there may arrive late and belong to the dialog.
    """

    __tablename__ = "dialog_former_topics"

    chat_id: int = Field(sa_type=BigInteger, primary_key=True)
    topic_id: int = Field(sa_type=BigInteger, primary_key=True)
    dialog_id: UUID = reference("dialogs.id", index=True)

    @staticmethod
    async def remember(session: AsyncSession, dialog: Dialog) -> None:
        """Keeps the current topic of the dialog, if it has one."""
        if dialog.telegram_chat_id is None or dialog.telegram_topic_id is None:
            return
        row = insert(FormerTopic).values(
            chat_id=dialog.telegram_chat_id, topic_id=dialog.telegram_topic_id, dialog_id=dialog.id
        )
        await (await session.connection()).execute(row.on_conflict_do_nothing())
