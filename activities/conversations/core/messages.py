"""Arguments and results of a conversation's activities: ids, times and states, no texts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kernel.actor import SYSTEM, Actor
from domain.kernel.trouble import Trouble
from models.conversations.dialog import DialogState


@dataclass(frozen=True)
class Conversation:
    """One Avito chat.

    `tries`: failures in a row because a service did not answer; the next pause grows with it. `is_read`: the attempt
    before has read the chat, and there is no news since.
    """

    account_id: UUID
    chat_id: str
    tries: int = 0
    is_read: bool = False


@dataclass(frozen=True)
class Standing:
    """State of a conversation after an activity.

    `to_show`, `to_send`: rows wait in that direction, from `show_at`, `send_at` (null: now). `trouble`: what has
    delayed it. `known`: false if Avito has no such chat or the account is gone, so that nothing is left to do.
    `auto_reply_at`, `remind_at`: deadlines by the rules in `domain`. `number` is the dialog's own. `is_read`: what the
    chat has is stored, and only the rest of the activity is left to do.
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
    is_read: bool = False


NO_DRAFT: Final = UUID(int=0)


@dataclass(frozen=True)
class ChangeDialog:
    """A change of a dialog as a whole: `close`, `reopen` or `retry`; asked for by a manager.

    Histories of earlier releases hold commands without a draft.
    """

    account_id: UUID
    chat_id: str
    verb: str
    draft_id: UUID = NO_DRAFT
    actor: Actor = SYSTEM

    @property
    def key(self) -> tuple[UUID, str]:
        return self.account_id, self.chat_id
