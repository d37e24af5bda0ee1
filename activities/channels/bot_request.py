"""What an update asks of the bot itself, outside of all conversations: a way in, an id, a first word."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from gateways.telegram.events import Commanded, Event, Joined, Started
from models import Bot

GET_ID: Final = "getid"
PRESENT: Final = ("creator", "administrator", "member")


class Do(StrEnum):
    """`link`: /start of the master bot, `hello`: of any other; `id`: /getid; `joined`: added to a group."""

    LINK = "link"
    HELLO = "hello"
    ID = "id"
    JOINED = "joined"


@dataclass(frozen=True)
class Request:
    """`chat_id` is where the answer goes; for a link it is the person's own id."""

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
    """None where the update is a conversation's or nobody's; a topic's own `/getid` is decided by who has the topic.

    To be added to a group changes nothing by itself: a stranger could do that.
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
    """The answer to `/getid`; None for any other command."""
    if event.name != GET_ID:
        return None
    return Request(Do.ID, event.place.chat_id, event.place.thread_id, event.message_id)
