"""What a conversation's workflow and its activities say to each other: ids, times and states, no words of anybody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel.trouble import Trouble
from models.conversations.dialog import DialogState


@dataclass(frozen=True)
class Conversation:
    """One Avito chat. `tries` counts how often in a row the outside world was away: the next wait grows with it."""

    account_id: UUID
    chat_id: str
    tries: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands after an activity has done what could be done.

    `to_show` and `to_send`: rows wait in that direction, from `show_at` or `send_at` on (null: now). `trouble` says in
    one word what kept us (`telegram`, `avito`, `budget`, `key`), for the story in the Web UI. `known` is false where
    Avito has no such chat or the account is gone: nothing is left to do. `auto_reply_at` and `remind_at` are the
    deadlines of the rules in `domain`; `number` is the dialog's own.
    """

    known: bool = True
    state: DialogState = DialogState.ACTIVE
    number: int = 0
    to_show: bool = False
    show_at: datetime | None = None
    to_send: bool = False
    send_at: datetime | None = None
    auto_reply_at: datetime | None = None
    remind_at: datetime | None = None
    unanswered: bool = False
    trouble: Trouble | None = None


@dataclass(frozen=True)
class ChangeDialog:
    """What a person wants done with a dialog as a whole: `close`, `reopen`, `retry`; asked for by a manager."""

    account_id: UUID
    chat_id: str
    verb: str
    manager_id: UUID
