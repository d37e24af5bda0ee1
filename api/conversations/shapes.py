"""What the staff are answered: the shapes of the wire contract."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema

from api.http.shapes import Moment, Shape
from domain.conversations.auto_reply import AutoReplyMode, Reason
from models.channels.account import AccountStatus
from models.channels.bot import BotStatus, TopicMode
from models.conversations.dialog import DialogState
from models.conversations.message import Author, Delivery, Direction
from models.people.manager import Role
from models.people.organisation import MarkRead

Hour = Annotated[
    time,
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["09:30"]}),
]


class StaffMember(Shape):
    id: UUID
    organisation_id: UUID
    email: str | None
    name: str
    role: Role
    is_super_admin: bool
    can_onboard: bool = Field(description="Whether the onboarding of clients is open to him as well.")


class AutoReplyWindow(Shape):
    days: list[int] = Field(description="0 is Monday.")
    start: str
    end: str


class AutoReplyNow(Shape):
    """What the first message of a new buyer would get at this moment."""

    answer: bool
    reason: Reason
    because: str


class OrganisationView(Shape):
    id: UUID
    name: str
    auto_reply_enabled: bool
    auto_reply_mode: AutoReplyMode
    auto_reply_always: bool
    auto_reply_start_time: Hour | None
    auto_reply_end_time: Hour | None
    auto_reply_timezone: str | None
    auto_reply_text: str | None
    auto_reply_delay_seconds: int
    auto_reply_windows: list[AutoReplyWindow]
    auto_reply_holidays: list[date]
    filter_keywords: list[str]
    hide_system_messages: bool
    mark_read: MarkRead
    unanswered_minutes: int | None
    canned_replies: dict[str, str]
    auto_reply_now: AutoReplyNow


class BotView(Shape):
    """The token and the secret of the webhook are never shown."""

    id: UUID
    bot_username: str
    status: BotStatus
    status_reason: str | None
    group_chat_id: int | None
    topic_mode: TopicMode
    webhook_last_error: str | None


class AccountView(Shape):
    """The key's secret is never shown."""

    id: UUID
    name: str
    api_client_id: str
    status: AccountStatus
    status_reason: str | None
    bot_id: UUID
    monitoring_enabled: bool
    webhook_enabled: bool
    webhook_last_error: str | None


class DialogView(Shape):
    id: UUID
    number: int
    avito_account_id: UUID
    avito_dialog_id: str
    title: str
    buyer_name: str | None
    item_price: str | None
    item_url: str | None
    state: DialogState
    muted_at: Moment | None
    telegram_chat_id: int | None
    telegram_topic_id: int | None
    last_message_at: Moment | None
    first_unanswered_at: Moment | None
    auto_reply_last_sent_at: Moment | None


class DialogCounts(Shape):
    active: int
    unanswered: int
    failed: int


class AttachmentView(Shape):
    id: UUID
    kind: str
    file_name: str | None
    content_type: str | None
    size: int | None
    url: str | None = Field(description="Good for minutes; null: not stored yet.")


class MessageView(Shape):
    id: UUID
    direction: Direction = Field(description="`avito`: it came from Avito; `telegram`: it goes to Avito.")
    author: Author
    kind: str
    body: str
    status: Delivery
    failure: str | None
    is_auto_reply: bool
    deleted: bool
    created_at: Moment
    attachments: list[AttachmentView]


class DialogDetail(Shape):
    dialog: DialogView
    messages: list[MessageView]


class Summary(Shape):
    clients: int = Field(description="Organisations.")
    users: int = Field(description="Accounts of the staff.")
    bots: int
    avito_accounts: int
    dialogs: int
    messages_24h: int
    failed_24h: int
    auto_replies_24h: int
