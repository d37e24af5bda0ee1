"""What the stand-in for Avito remembers; plain records that are saved and loaded as they are."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class Via(StrEnum):
    """Who wrote a message, and with what."""

    BUYER = "buyer"
    API = "api"
    APP = "app"
    """The seller, in Avito's own application."""
    AVITO = "avito"
    """Avito itself (type system)."""


class Kind(StrEnum):
    """About an item, about a profile, or with Avito itself."""

    U2I = "u2i"
    U2U = "u2u"
    A2U = "a2u"


@dataclass
class Message:
    id: str
    author_id: int
    created: int
    """Whole seconds, as Avito tells it."""
    type: str
    content: Json
    """As it is shown; paths under /media/ get the origin when they are."""
    via: Via
    direction: str
    """in | out, as the owner of the account sees it."""
    is_read: bool
    """By the owner of the account."""
    read: int | None = None
    """When the buyer read it."""
    quote_id: str | None = None
    listed_at: float = 0.0
    """Not in lists before this (fault late-lists)."""


@dataclass
class Item:
    id: int
    title: str
    price_string: str
    url: str
    city: str | None = None


@dataclass
class Chat:
    id: str
    kind: Kind
    created: int
    buyer_id: int
    buyer_name: str
    item: Item | None
    updated: int
    wrapped: bool
    """Its messages are listed as {"messages": […]}, as clients read it; else as a bare array, as the schema says."""
    messages: dict[str, Message] = field(default_factory=dict)
    """By id, oldest first."""
    unread: int = 0
    """Messages that the owner of the account has not read."""
    unseen: int = 0
    """Messages that the buyer has not read."""
    attempts: int = 0
    """Calls that were to post a message, whatever came of them."""
    posts: int = 0
    """Calls that posted a message."""


@dataclass
class Account:
    user_id: int
    client_id: str
    client_secret: str
    name: str
    employee: bool = False
    """The key is an employee's: it sees no chats and may do nothing in them."""
    list_shape: str = "mixed"
    """array | object | mixed (every second chat): how messages are listed in chats that are made from now on."""
    chats: dict[str, Chat] = field(default_factory=dict)
    """By id, the one that was quiet the longest first."""
    subscriptions: list[str] = field(default_factory=list)
    blocked: dict[int, int] = field(default_factory=dict)
    """Buyer → reason."""
    per_minute: int | None = None
    """Calls that are allowed; None: as many as one likes."""
    minute: int = 0
    calls: int = 0
    """In `minute`."""


@dataclass
class Token:
    user_id: int
    expires: float
    refusal: int | None = None
    """401 | 403 that its bearer gets since the fault expired-token struck."""


@dataclass
class Image:
    user_id: int
    content_type: str
    sha256: str
    """Of the bytes, which are among the blobs."""
    size: int


@dataclass
class Voice:
    user_id: int
    sha256: str


@dataclass
class Link:
    """A link to a voice, which works for an hour."""

    voice_id: str
    expires: float


@dataclass
class Everything:
    """All there is, for saving."""

    accounts: dict[int, Account] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    voices: dict[str, Voice] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    chats_made: int = 0
    expired: int = 0
    """How often the fault expired-token struck: 403 and 401 take turns."""
