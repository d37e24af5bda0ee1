"""An edited message of staff: Avito cannot change what was sent, so an edit counts only while nothing was.

Telegram reports as edited also what a reaction, a preview of a link or a pin has touched.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.conversations.content import Kind
from domain.kernel.text import normalised

_INTERNAL: Final = frozenset({Kind.NOTE, Kind.COMMAND, Kind.UNSUPPORTED})
"""Goes to no buyer, whatever it says."""


@dataclass(frozen=True)
class Content:
    """Of a message of staff; `file`: Telegram's lasting id of its file, null if there is none or it is unknown.

    Kind `unknown`: only the text could be read.
    """

    kind: Kind
    text: str = field(repr=False)
    file: str | None = None

    def same(self, other: "Content") -> bool:
        """Whether a buyer would get the same; spaces and composition of letters do not count."""
        if self.kind in _INTERNAL or other.kind in _INTERNAL:
            return self.kind is other.kind
        files = {one for one in (self.file, other.file) if one is not None}
        return len(files) < 2 and normalised(self.text) == normalised(other.text)


class Stage(StrEnum):
    """How far the message has come: `waits` for its first POST, `unsent` for good or until a retry, `sent` at least in
    part, or perhaps."""

    WAITS = "waits"
    UNSENT = "unsent"
    SENT = "sent"


class Verdict(StrEnum):
    """`nothing` to do or say; `replace` what waits; `withdraw` it: it has become a note; `tell` that the buyer has the
    earlier words; `tell_unsent`: that an edit sends nothing."""

    NOTHING = "nothing"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    TELL = "tell"
    TELL_UNSENT = "tell_unsent"


def judge(sent: Content, last: Content, new: Content, stage: Stage) -> Verdict:
    """`sent`: what the buyer has or will get; `last`: what the message said before this edit."""
    if new.same(last):
        return Verdict.NOTHING
    if sent.kind in _INTERNAL:
        return _of_internal(sent.kind, new.kind, stage)
    if stage is Stage.SENT:
        return Verdict.NOTHING if new.same(sent) else Verdict.TELL
    if new.kind is Kind.NOTE:
        return Verdict.WITHDRAW
    if new.kind is sent.kind:
        return Verdict.REPLACE
    return Verdict.TELL if stage is Stage.WAITS else Verdict.TELL_UNSENT


def _of_internal(kind: Kind, new: Kind, stage: Stage) -> Verdict:
    """Of a note, a command or what cannot be sent: whoever turns it into an answer has to hear that it is none.

    The answer of a canned reply is with the buyer, whatever becomes of the command.
    """
    if kind is Kind.COMMAND and new is Kind.NOTE and stage is Stage.WAITS:
        return Verdict.WITHDRAW
    if new in (kind, Kind.NOTE, Kind.UNSUPPORTED, Kind.UNKNOWN):
        return Verdict.NOTHING
    return Verdict.TELL if stage is Stage.SENT else Verdict.TELL_UNSENT
