"""Events of a bot: one frozen value per kind of update."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gateways.telegram.shapes import Place


@dataclass(frozen=True)
class FileRef:
    """A file at Telegram; `size` in bytes, if known. `unique` lasts, while `file_id` may change."""

    file_id: str
    size: int | None = None
    mime: str | None = None
    name: str | None = field(default=None, repr=False)
    unique: str | None = None


@dataclass(frozen=True)
class Spot:
    """A location; with title and address of a venue."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True)
class Card:
    """A contact. `user_id`: whose it is, by Telegram itself; None for one that was made by hand, or of nobody there."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    user_id: int | None = None


@dataclass(frozen=True)
class Said:
    """A message of a person, of any kind.

    `kind`: Telegram's name of the content (text, photo, voice, …), `sticker_animated`, `sticker_video`, or `unknown`.
    `text`: text or caption, hidden links written out. `from_id`: None for an anonymous administrator. `reply_to`: the
    answered message, never the topic's first one. `answers_bot`: that is of the bot itself. `sent_at`: Unix time in
    seconds. `forwarded`: written by somebody else, or sent by way of another bot.
    """

    place: Place
    message_id: int
    sent_at: int
    from_id: int | None
    from_name: str = field(repr=False)
    kind: str
    text: str = field(default="", repr=False)
    reply_to: int | None = None
    album: str | None = None
    file: FileRef | None = None
    emoji: str | None = None
    spot: Spot | None = field(default=None, repr=False)
    contact: Card | None = field(default=None, repr=False)
    answers_bot: bool = False
    forwarded: bool = False


@dataclass(frozen=True)
class Foreign:
    """A message that nobody of the staff has written as himself: it goes to no buyer.

    `by`: `channel` (a person speaks for a channel or another group), `forward` (of a linked channel), `bot`.
    """

    place: Place
    message_id: int
    by: Literal["channel", "forward", "bot"]
    album: str | None = None


@dataclass(frozen=True)
class Commanded:
    """`/name argument`; the name in lower case, without slash and the bot's own `@username`."""

    place: Place
    message_id: int
    from_id: int | None
    from_name: str = field(repr=False)
    name: str
    argument: str = field(repr=False)
    reply_to: int | None


@dataclass(frozen=True)
class Edited:
    """A message after a change, which may concern nothing that is sent: a reaction, a preview, a pin.

    `edited_at`: Unix time in seconds; `kind`, `text`, `file` as in `Said`.
    """

    place: Place
    message_id: int
    from_id: int | None
    edited_at: int
    text: str = field(repr=False)
    kind: str = "text"
    file: FileRef | None = None


@dataclass(frozen=True)
class Moved:
    """The group became a supergroup with another id."""

    old_chat_id: int
    new_chat_id: int


@dataclass(frozen=True)
class TopicEvent:
    """A person closed, reopened or renamed a topic."""

    place: Place
    kind: Literal["closed", "reopened", "edited"]
    from_id: int | None


@dataclass(frozen=True)
class Started:
    """`/start payload` in private."""

    user_id: int
    first_name: str = field(repr=False)
    username: str | None = field(repr=False)
    payload: str = field(repr=False)


@dataclass(frozen=True)
class Joined:
    """The bot's status in a group: creator, administrator, member, restricted, left or kicked."""

    chat_id: int
    title: str = field(repr=False)
    status: str
    is_forum: bool
    can_manage_topics: bool


@dataclass(frozen=True)
class Ignored:
    """An unrelated update; `reason` is for logs and holds no personal data."""

    reason: str


Event: TypeAlias = Said | Foreign | Commanded | Edited | Moved | TopicEvent | Started | Joined | Ignored
