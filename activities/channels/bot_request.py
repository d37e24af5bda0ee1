"""Requests to a bot outside of dialogs: sign-in link, chat id, greeting, the proof of a client's phone."""

import hashlib
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from activities.people.phone_links import PREFIX, digest_of
from domain.conversations.command import StaffCommand
from domain.conversations.limits import Unsent
from domain.conversations.topic import is_note
from domain.people.contact import SharedContact
from gateways.telegram.events import Card, Commanded, Event, Foreign, Joined, Said, Started
from models import Bot

LONGEST_PHONE: Final = 32
PRESENT: Final = ("creator", "administrator", "member")


class Do(StrEnum):
    """`link`: /start of the master bot, `hello`: of any other; `id`: /getid; `joined`: added to a group; `unsent`:
    somebody has written where nothing goes to a buyer. `phone`: /start of the master bot by a client's link, `contact`:
    a contact that somebody has sent it in private."""

    LINK = "link"
    HELLO = "hello"
    ID = "id"
    JOINED = "joined"
    UNSENT = "unsent"
    PHONE = "phone"
    CONTACT = "contact"


@dataclass(frozen=True)
class Request:
    """`chat_id`: where the answer goes; for a link the person's own id. `reason`: of `unsent`. `token`: of `phone`, the
    SHA-256 in hexadecimal. The last four: of `contact`, as in `SharedContact`."""

    do: Do
    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    is_forum: bool = True
    can_manage_topics: bool = True
    reason: Unsent | None = None
    token: str | None = None
    from_id: int | None = None
    contact_of: int | None = None
    contact_phone: str = field(default="", repr=False)
    forwarded: bool = False

    @property
    def contact(self) -> SharedContact:
        return SharedContact(self.chat_id, self.from_id, self.contact_of, self.contact_phone, self.forwarded)

    def without_contact(self) -> "Request":
        """What may be kept once it is answered: no number, and not whose it is."""
        return replace(self, contact_of=None, contact_phone="")

    def stored(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Request":
        reason = stored.get("reason")
        return cls(**{**stored, "do": Do(stored["do"]), "reason": Unsent(reason) if reason else None})


def request_of(event: Event, bot: Bot) -> Request | None:
    """The request in an update; None if it belongs to a dialog or to nothing. `/getid` in a topic is decided by
    `inbox`.

    Being added to a group changes nothing by itself: a stranger could do that.
    """
    match event:
        case Started() if bot.organisation_id is None and event.payload.startswith(PREFIX):
            return Request(Do.PHONE, event.user_id, token=digest_of(event.payload).hex())
        case Said() if bot.organisation_id is None and event.contact is not None and event.place.chat_id > 0:
            return _contact_request(event, event.contact)
        case Started():
            return Request(Do.LINK if bot.organisation_id is None else Do.HELLO, event.user_id)
        case Joined() if event.chat_id != bot.group_chat_id and event.status in PRESENT:
            return Request(Do.JOINED, event.chat_id, is_forum=event.is_forum, can_manage_topics=event.can_manage_topics)
        case Commanded() if event.place.chat_id != bot.group_chat_id or event.place.thread_id is None:
            return id_request(event)
        case _:
            return None


def _contact_request(event: Said, card: Card) -> Request:
    return Request(
        Do.CONTACT,
        event.place.chat_id,
        from_id=event.from_id,
        contact_of=card.user_id,
        contact_phone=card.phone[:LONGEST_PHONE],
        forwarded=event.forwarded,
    )


def id_request(event: Commanded) -> Request | None:
    """The request of a `/getid`; None for any other command."""
    if event.name != StaffCommand.GET_ID:
        return None
    return Request(Do.ID, event.place.chat_id, event.place.thread_id, event.message_id)


def unsent_request(event: Said | Commanded | Foreign, reason: Unsent) -> Request:
    place = event.place
    return Request(Do.UNSENT, place.chat_id, place.thread_id, event.message_id, reason=reason)


def is_for_buyer(event: Event) -> bool:
    """Whether its writer may think that it goes to a buyer: not a note, nor the post of a channel or of a bot."""
    match event:
        case Said():
            return not is_note(event.text)
        case Foreign():
            return event.by == "channel"
        case _:
            return isinstance(event, Commanded)


def once_in(chat_id: int, message_id: int | None) -> int:
    """In place of an update's id, for what is said once in a place or of a message; negative, as no update's id is.

    A topic has the id of its first message; null: General.
    """
    digest = hashlib.blake2b(f"{chat_id}:{message_id}".encode(), digest_size=7).digest()
    return -1 - int.from_bytes(digest)
