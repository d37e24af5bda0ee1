"""Avito's answers as frozen values; missing and null read as empty, unknown fields are skipped."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from gateways.avito.fields import Json, Misshapen, identity, mapping, moment, number, part, rows, text, whole

T = TypeVar("T")

CHAT_TYPES: Final = ("u2i", "u2u")
"""Chats on items and between profiles; in other types Avito itself writes to the seller."""


@dataclass(frozen=True)
class AccessToken:
    """`expires_in` in seconds, usually a day."""

    value: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True)
class Item:
    """The listing of a chat."""

    id: int
    title: str
    price: str = ""
    url: str = ""
    city: str = ""


@dataclass(frozen=True)
class User:
    """A person in a chat. Avito may hash the id per chat; 0: it was no number."""

    id: int
    name: str = field(repr=False)
    url: str = field(default="", repr=False)


@dataclass(frozen=True)
class Message:
    """`created`: Unix time in whole seconds; `direction`: in or out; `read`: when the other side read it.

    `content`: unparsed, by `type`; `quote_id`: the answered message.
    """

    id: str
    author_id: int
    created: int
    direction: str
    type: str
    content: Json = field(repr=False)
    is_read: bool = False
    read: int | None = None
    quote_id: str | None = None

    @property
    def created_at(self) -> datetime:
        return moment(self.created)


@dataclass(frozen=True)
class Chat:
    """`updated`: Unix time in seconds; `item`: None for a chat between profiles (u2u)."""

    id: str
    created: int
    updated: int
    item: Item | None
    users: tuple[User, ...]
    last_message: Message | None

    @property
    def updated_at(self) -> datetime:
        """By the last message if that is younger."""
        return moment(max(self.updated, self.last_message.created if self.last_message else 0))

    def buyer(self, user_id: int) -> User | None:
        """The first user other than the account."""
        return next((user for user in self.users if user.id != user_id), None)


@dataclass(frozen=True)
class Sent:
    """Avito has accepted the message; `created`: Unix time in seconds, 0 if unknown."""

    id: str
    created: int


@dataclass(frozen=True)
class Hook:
    """Content of a webhook; only a hint, because its sender is not verified."""

    message_id: str
    chat_id: str
    chat_type: str
    user_id: int
    author_id: int
    created: int
    type: str


def read_hook(body: bytes) -> Hook | None:
    """The message of a webhook; None for a probe (`{}`) or another shape."""
    try:
        value = part(part(mapping(json.loads(body)), "payload"), "value")
        return Hook(
            message_id=identity(value, "id"),
            chat_id=identity(value, "chat_id"),
            chat_type=text(value, "chat_type"),
            user_id=number(value, "user_id"),
            author_id=whole(value, "author_id") or 0,
            created=whole(value, "created") or 0,
            type=text(value, "type"),
        )
    except (ValueError, RecursionError):
        return None


def read_token(answer: object) -> AccessToken:
    body = mapping(answer)
    return AccessToken(identity(body, "access_token"), whole(body, "expires_in") or 0)


def read_me(answer: object) -> int:
    return number(mapping(answer), "id")


def read_chats(answer: object) -> list[Chat]:
    return _each(rows(mapping(answer), "chats"), read_chat)


def read_chat(answer: object) -> Chat:
    body = mapping(answer)
    context, last = part(body, "context"), part(body, "last_message")
    return Chat(
        id=identity(body, "id"),
        created=whole(body, "created") or 0,
        updated=whole(body, "updated") or 0,
        item=_item(part(context, "value")),
        users=tuple(_users(body)),
        last_message=_read_message(last) if last.get("id") else None,
    )


def read_messages(answer: object) -> list[Message]:
    """A bare list by the schema, sometimes wrapped in practice."""
    listed = answer if isinstance(answer, list) else rows(mapping(answer), "messages")
    return _each(listed, lambda one: _read_message(mapping(one)))


def read_sent(answer: object) -> Sent:
    body = mapping(answer)
    return Sent(identity(body, "id"), whole(body, "created") or 0)


def read_image_id(answer: object) -> str:
    for image_id in mapping(answer):
        return image_id
    raise Misshapen("no image id")


def read_voice_url(answer: object, voice_id: str) -> str | None:
    url = part(mapping(answer), "voices_urls").get(voice_id)
    return url if isinstance(url, str) and url else None


def read_subscriptions(answer: object) -> list[str]:
    return [url for one in rows(mapping(answer), "subscriptions") if (url := text(mapping(one), "url"))]


def _each(listed: list[object], reader: Callable[[object], T]) -> list[T]:
    """Skips rows without an id. Raises Misshapen if no row has one."""
    read: list[T] = []
    for one in listed:
        with suppress(Misshapen):
            read.append(reader(one))
    if listed and not read:
        raise Misshapen("no row with an id")
    return read


def _read_message(body: Json) -> Message:
    return Message(
        id=identity(body, "id"),
        author_id=whole(body, "author_id") or 0,
        created=whole(body, "created") or 0,
        direction=text(body, "direction"),
        type=text(body, "type"),
        content=part(body, "content"),
        is_read=body.get("is_read") is True,
        read=whole(body, "read"),
        quote_id=text(part(body, "quote"), "id") or None,
    )


def _item(value: Json) -> Item | None:
    item_id = whole(value, "id")
    if item_id is None:
        return None
    return Item(
        id=item_id,
        title=text(value, "title"),
        price=text(value, "price_string"),
        url=text(value, "url"),
        # Not in the published schema, but sent.
        city=text(part(value, "location"), "title") or text(value, "city"),
    )


def _users(body: Json) -> list[User]:
    people = [mapping(row) for row in rows(body, "users")] if "users" in body else []
    return [
        User(whole(person, "id") or 0, text(person, "name"), text(part(person, "public_user_profile"), "url"))
        for person in people
    ]
