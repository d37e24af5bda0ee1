"""What a bot hears, in our words: one frozen value per kind of update that concerns us."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gateways.telegram.shapes import Place


@dataclass(frozen=True)
class FileRef:
    """A file that Telegram keeps; `size` in bytes, where it was said."""

    file_id: str
    size: int | None = None
    mime: str | None = None
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Spot:
    """A location, with title and address when it is a venue."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True)
class Card:
    """A contact."""

    name: str
    phone: str


@dataclass(frozen=True)
class Said:
    """A message of a person, of any kind.

    `kind` is Telegram's name of the content (text, photo, voice, …), `sticker_animated` or `sticker_video` when one
    moves, and `unknown` for what this program does not know. `text` is text or caption, a hidden link written out
    after its words. `from_id` is None for an anonymous administrator. `reply_to` is what the person answered, never the
    topic's own first message. `sent_at` is Unix time in seconds.
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


@dataclass(frozen=True)
class Commanded:
    """`/name argument`; the name in lower case, without slash and without our own `@username`."""

    place: Place
    message_id: int
    from_id: int | None
    from_name: str = field(repr=False)
    name: str
    argument: str = field(repr=False)
    reply_to: int | None


@dataclass(frozen=True)
class Edited:
    """A message was changed; `edited_at` is Unix time in seconds, `text` the new one."""

    place: Place
    message_id: int
    from_id: int | None
    edited_at: int
    text: str = field(repr=False)


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
    """What the bot is in a group from now on: creator, administrator, member, restricted, left or kicked."""

    chat_id: int
    title: str = field(repr=False)
    status: str
    is_forum: bool
    can_manage_topics: bool


@dataclass(frozen=True)
class Ignored:
    """Nothing for us; `reason` is for a metric or a debug log and names nobody."""

    reason: str


Event: TypeAlias = Said | Commanded | Edited | Moved | TopicEvent | Started | Joined | Ignored
