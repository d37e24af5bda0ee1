"""What an update asks of the bot itself, outside of all conversations: a way in, an id, a first word."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from gateways.telegram.heard import Commanded, Heard, Joined, Started
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
class Errand:
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
    def read(cls, stored: dict[str, Any]) -> "Errand":
        return cls(**{**stored, "do": Do(stored["do"])})


def errand_of(heard: Heard, bot: Bot) -> Errand | None:
    """None where the update is a conversation's or nobody's; a topic's own `/getid` is decided by who has the topic.

    To be added to a group changes nothing by itself: a stranger could do that.
    """
    match heard:
        case Started():
            return Errand(Do.LINK if bot.organisation_id is None else Do.HELLO, heard.user_id)
        case Joined() if heard.chat_id != bot.group_chat_id and heard.status in PRESENT:
            return Errand(Do.JOINED, heard.chat_id, is_forum=heard.is_forum, can_manage_topics=heard.can_manage_topics)
        case Commanded() if heard.place.chat_id != bot.group_chat_id or heard.place.thread_id is None:
            return id_errand(heard)
        case _:
            return None


def id_errand(heard: Commanded) -> Errand | None:
    """The answer to `/getid`; None for any other command."""
    if heard.name != GET_ID:
        return None
    return Errand(Do.ID, heard.place.chat_id, heard.place.thread_id, heard.message_id)
