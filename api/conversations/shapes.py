"""Dialogs and messages in the API."""

from uuid import UUID

from pydantic import Field

from api.http.shapes import Moment, Shape
from models.conversations.dialog import DialogState
from models.conversations.message import Author, Delivery, Direction


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
    stuck_since: Moment | None = Field(
        default=None,
        description="Since when a message waits for the topic, which lags: the bot's `status_reason` says why.",
    )


class DialogCounts(Shape):
    active: int
    unanswered: int
    failed: int
    stuck: int


class AttachmentView(Shape):
    id: UUID
    kind: str
    file_name: str | None
    content_type: str | None
    size: int | None
    url: str | None = Field(description="Good for minutes; null: not stored yet.")
    missing: bool = Field(description="The topic has not got it; `retry` asks Avito for it again.")


class PlaceView(Shape):
    latitude: float
    longitude: float


class MessageView(Shape):
    id: UUID
    direction: Direction = Field(description="`avito`: it came from Avito; `telegram`: it goes to Avito.")
    author: Author
    kind: str
    body: str = Field(description="In words, as the topic has it; empty: its files say it all.")
    described: bool = Field(description="`body` is what the product says of the message: its author wrote no text.")
    place: PlaceView | None = Field(description="Of a message with a place on the map.")
    status: Delivery
    failure: str | None
    is_auto_reply: bool
    deleted: bool
    created_at: Moment
    attachments: list[AttachmentView]


class DialogDetail(Shape):
    dialog: DialogView
    messages: list[MessageView]
