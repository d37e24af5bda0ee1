"""Requests to a bot outside of dialogs: sign-in link, chat id, greeting."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from domain.conversations.command import StaffCommand
from gateways.telegram.events import Commanded, Event, Joined, Started
from models import Bot

PRESENT: Final = ("creator", "administrator", "member")


class Do(StrEnum):
    """`link`: /start of the master bot, `hello`: of any other; `id`: /getid; `joined`: added to a group."""

    LINK = "link"
    HELLO = "hello"
    ID = "id"
    JOINED = "joined"


@dataclass(frozen=True)
class Request:
    """`chat_id`: where the answer goes; for a link the person's own id."""

    do: Do
    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    is_forum: bool = True
    can_manage_topics: bool = True

    def stored(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Request":
        return cls(**{**stored, "do": Do(stored["do"])})


def request_of(event: Event, bot: Bot) -> Request | None:
    """The request in an update; None if it belongs to a dialog or to nothing. `/getid` in a topic is decided by
    `inbox`.

    Being added to a group changes nothing by itself: a stranger could do that.
    """
    match event:
        case Started():
            return Request(Do.LINK if bot.organisation_id is None else Do.HELLO, event.user_id)
        case Joined() if event.chat_id != bot.group_chat_id and event.status in PRESENT:
            return Request(Do.JOINED, event.chat_id, is_forum=event.is_forum, can_manage_topics=event.can_manage_topics)
        case Commanded() if event.place.chat_id != bot.group_chat_id or event.place.thread_id is None:
            return id_request(event)
        case _:
            return None


def id_request(event: Commanded) -> Request | None:
    """The request of a `/getid`; None for any other command."""
    if event.name != StaffCommand.GET_ID:
        return None
    return Request(Do.ID, event.place.chat_id, event.place.thread_id, event.message_id)
