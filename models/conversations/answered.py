"""What an accepted answer changes in its dialog: one table, applied to a row in memory or as a part of a statement.

Posting an answer needs one statement over a row that other workers may have changed since it was read; adopting a lost
answer, and reading one from the seller's own app, work on a locked row in memory. Both take the columns from here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.conversations.dialog import Dialog
from models.conversations.message import Author


@dataclass(frozen=True)
class Change:
    """Columns of a dialog: `set` and `raised` to the time of the answer, `raised` never back; `cleared` to null."""

    set: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.set, *self.raised, *self.cleared)

    def apply(self, dialog: Dialog, at: datetime) -> None:
        for name in self.set:
            setattr(dialog, name, at)
        for name in self.raised:
            setattr(dialog, name, max(at, getattr(dialog, name) or at))
        for name in self.cleared:
            setattr(dialog, name, None)

    def sql(self) -> str:
        """Assignments of an UPDATE, with the parameter `:at`."""
        return ", ".join(
            [f"{name} = :at" for name in self.set]
            + [f"{name} = greatest({name}, :at)" for name in self.raised]
            + [f"{name} = NULL" for name in self.cleared]
        )


BY_PERSON: Final = Change(
    raised=("last_human_reply_at",),
    cleared=("first_unanswered_at", "auto_reply_due_at", "reminded_topic_at", "reminded_owner_at"),
)
"""A person has answered the buyer, here or in Avito's own app."""

_SENT: Final = ("last_message_at", "updated_at")
SENT_BY_PERSON: Final = Change(_SENT, BY_PERSON.raised, BY_PERSON.cleared)
SENT_BY_AUTO_REPLY: Final = Change((*_SENT, "auto_reply_last_sent_at"))


def change_of(author: Author) -> Change:
    """What a message that Avito has accepted changes."""
    return SENT_BY_AUTO_REPLY if author is Author.AUTO else SENT_BY_PERSON
