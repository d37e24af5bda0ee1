"""Plain values that go into Telegram and come out of it."""

from dataclasses import dataclass, field
from datetime import datetime

from gateways.outcome import Rejected, Unauthorised


@dataclass(frozen=True)
class Place:
    """Where a message stands; without `thread_id` it is the General topic, or a chat without topics."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True)
class Me:
    id: int
    username: str


@dataclass(frozen=True)
class WebhookInfo:
    """What Telegram says about its deliveries; `last_error` never holds the URL's secret, `url` does."""

    url: str = field(repr=False)
    pending: int
    last_error: str | None
    last_error_at: datetime | None


@dataclass(frozen=True)
class Downloaded:
    """`path` is Telegram's own file path, good for its extension."""

    data: bytes = field(repr=False)
    path: str


class TopicGone(Rejected):
    """The topic was deleted."""


class TopicClosed(Rejected):
    """The topic is closed, and the bot may not write into closed ones."""


class GroupMoved(Rejected):
    """The group became a supergroup; from now on it is `chat_id`."""

    def __init__(self, status: int, reason: str, chat_id: int) -> None:
        super().__init__(status, reason)
        self.chat_id = chat_id


class Kicked(Rejected):
    """The bot is not in the group any more, or the person blocked it."""


class NoRights(Rejected):
    """The bot is in the group without the right to do this."""


class MessageGone(Rejected):
    """The message to answer, pin or react to was deleted."""


class VoiceRefused(Rejected):
    """Not taken as a voice message; the same bytes may pass as a document."""


class PhotoRefused(Rejected):
    """Not taken as a photo (size, proportions, format); the same bytes may pass as a document."""


class Conflict(Rejected):
    """409: the bot is polled by somebody else, or polled while a webhook is set."""


class BadToken(Unauthorised):
    """Telegram does not know this token; its text is never part of the message."""
