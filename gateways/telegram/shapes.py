"""Values of Telegram calls, and its refusals."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateways.outcome import Rejected, Unauthorised

NO_ANSWER: Final = "not an answer of the Bot API"
"""Reason of a refusal by somebody on the way: it says nothing about token, group or message."""


@dataclass(frozen=True)
class Place:
    """Place of a message; without `thread_id` the General topic, or a chat without topics."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True)
class Me:
    id: int
    username: str


@dataclass(frozen=True)
class ChatInfo:
    """`kind`: private, group, supergroup or channel."""

    id: int
    kind: str
    is_forum: bool


@dataclass(frozen=True)
class Membership:
    """The bot's own place in a chat, by Telegram's names; `can_send` is false only for a restricted member."""

    status: str
    can_manage_topics: bool
    can_send: bool


@dataclass(frozen=True)
class WebhookInfo:
    """Telegram's report on deliveries; `url` holds the secret, `last_error` does not."""

    url: str = field(repr=False)
    pending: int
    last_error: str | None
    last_error_at: datetime | None


@dataclass(frozen=True)
class Downloaded:
    """`path`: Telegram's file path, for its extension."""

    data: bytes = field(repr=False)
    path: str


class TopicGone(Rejected):
    """The topic was deleted."""


class TopicClosed(Rejected):
    """The topic is closed, and the bot may not write there."""


class GroupMoved(Rejected):
    """The group became a supergroup with the id `chat_id`."""

    def __init__(self, status: int, reason: str, chat_id: int) -> None:
        super().__init__(status, reason)
        self.chat_id = chat_id


class Kicked(Rejected):
    """The bot is not in the group, or the person has blocked it."""


class NoRights(Rejected):
    """The bot lacks the right."""


class NoForum(Rejected):
    """Topics are switched off in the group."""


class MessageGone(Rejected):
    """The message to answer, pin or react to is deleted."""


class VoiceRefused(Rejected):
    """Refused as a voice message; a document may pass."""


class PhotoRefused(Rejected):
    """Refused as a photo (size, proportions, format); a document may pass."""


class Conflict(Rejected):
    """409: another process polls the bot, or a webhook is set."""


class BadToken(Unauthorised):
    """Telegram does not know the token, which is never part of the text."""
