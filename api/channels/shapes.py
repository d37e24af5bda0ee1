"""Bots and Avito accounts in the API."""

from uuid import UUID

from pydantic import Field

from api.http.shapes import Moment, Shape
from models.channels.account import AccountStatus
from models.channels.bot import BotStatus, TopicMode


class BotView(Shape):
    """The token and the secret of the webhook are never shown."""

    id: UUID
    bot_username: str
    status: BotStatus
    status_reason: str | None
    group_chat_id: int | None
    topic_mode: TopicMode
    webhook_last_error: str | None
    failing_since: Moment | None = Field(
        description="Since when its topics lag: Telegram refuses the bot (`error`) or does not answer (`active`)."
    )


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
