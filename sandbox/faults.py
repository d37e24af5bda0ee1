"""What goes wrong on purpose: which fault, on which calls, how often; counted, never by chance."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    TELEGRAM = "telegram"
    AVITO = "avito"
    STAMPING = "stamping"
    MAIL = "mail"
    SMS = "sms"


class Fault(StrEnum):
    TOO_MANY = "too-many"
    """429 that says how long to wait (Telegram: parameters.retry_after; Avito: Retry-After); no effect."""
    TOO_MANY_BARE = "too-many-bare"
    """429 without any hint (Avito: a page of its antibot); no effect."""
    SERVER_ERROR = "server-error"
    """500 with JSON; no effect."""
    HTML = "html"
    """502 with a page; no effect."""
    HTML_AFTER = "html-after"
    """502 with a page after the effect is done."""
    DROPPED = "dropped"
    """The connection is closed without an answer after the effect is done."""

    LATE_LISTS = "late-lists"
    """Avito shows own messages in lists `seconds` late."""
    EXPIRED_TOKEN = "expired-token"  # noqa: S105
    """The access token of the call stops working."""
    PAYMENT_REQUIRED = "payment-required"
    EARLY_ECHO = "early-echo"
    """The webhook of an own message arrives before the answer to the call that sent it."""

    TOPIC_DELETED = "topic-deleted"
    """The topic of the call is deleted just before it."""
    TOPIC_CLOSED = "topic-closed"
    """The topic of the call is closed just before it, to the bot as well."""
    GROUP_MIGRATED = "group-migrated"
    """The group of the call gets a new id just before it."""
    KICKED = "kicked"
    """The bot is removed from the group of the call just before it."""
    NO_VOICE = "no-voice"
    """Voice messages are refused."""

    RCPT_LATER = "rcpt-later"
    """450 to the recipient; `path` is a part of the address, as for all faults of mail."""
    RCPT_REFUSED = "rcpt-refused"
    """550 to the recipient."""
    DATA_LATER = "data-later"
    """451 to the content."""
    DATA_REFUSED = "data-refused"
    """554 to the content."""
    SLOW = "slow"
    """The answer to a letter's content comes `seconds` late; the work on an SMS begins `seconds` late."""
    DROPPED_BEFORE = "dropped-before"
    """The connection is closed after the content, which is not kept."""
    NO_CONNECTION = "no-connection"
    """Connections are cut as they come."""

    REFUSED = "refused"
    """The next SMS are refused with `code` of the provider, 207 without one."""
    LATE_ANSWER = "late-answer"
    """The SMS goes at once, the answer comes `seconds` late."""
    TWICE = "twice"
    """One SMS arrives twice."""

    DUPLICATE_HOOKS = "duplicate-hooks"
    LOST_HOOKS = "lost-hooks"
    LATE_HOOKS = "late-hooks"
    """Delivered `seconds` late."""
    REORDERED_HOOKS = "reordered-hooks"
    """Delivered after the next one of the same chat, or `seconds` late when none follows."""

    REJECTED = "rejected"
    """Refused in the protocol's own words; no effect."""
    WRONG_IMPRINT = "wrong-imprint"
    """Another digest is stamped than the one that was asked for."""


_OF_BOTH = frozenset(
    {
        *(Fault.TOO_MANY, Fault.TOO_MANY_BARE, Fault.SERVER_ERROR, Fault.HTML, Fault.HTML_AFTER, Fault.DROPPED),
        *(Fault.DUPLICATE_HOOKS, Fault.LOST_HOOKS, Fault.LATE_HOOKS, Fault.REORDERED_HOOKS),
    }
)
FAULTS_OF = {
    Side.TELEGRAM: _OF_BOTH
    | {Fault.TOPIC_DELETED, Fault.TOPIC_CLOSED, Fault.GROUP_MIGRATED, Fault.KICKED, Fault.NO_VOICE},
    Side.AVITO: _OF_BOTH | {Fault.LATE_LISTS, Fault.EXPIRED_TOKEN, Fault.PAYMENT_REQUIRED, Fault.EARLY_ECHO},
    Side.STAMPING: frozenset(
        {
            *(Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.HTML, Fault.DROPPED),
            *(Fault.SLOW, Fault.REJECTED, Fault.WRONG_IMPRINT),
        }
    ),
    Side.MAIL: frozenset(
        {
            *(Fault.RCPT_LATER, Fault.RCPT_REFUSED, Fault.DATA_LATER, Fault.DATA_REFUSED),
            *(Fault.SLOW, Fault.DROPPED_BEFORE, Fault.DROPPED, Fault.NO_CONNECTION),
        }
    ),
    Side.SMS: frozenset(
        {
            *(Fault.REFUSED, Fault.SLOW, Fault.LATE_ANSWER, Fault.TWICE),
            *(Fault.SERVER_ERROR, Fault.HTML, Fault.HTML_AFTER, Fault.DROPPED),
        }
    ),
}


@dataclass(frozen=True)
class Setting:
    side: Side
    fault: Fault
    every: int = 1
    """Strikes each n-th matching call."""
    times: int | None = None
    """How often in all; None: until it is cleared."""
    path: str | None = None
    """Part of the path (Avito) or of the method's name (Telegram) that a call must have."""
    seconds: float = 1.0
    """Time to wait that is told (429), or the delay."""
    code: int | None = None
    """The provider's code of a refusal, for `refused`."""


@dataclass
class _Armed:
    setting: Setting
    calls: int = 0
    strikes: int = 0

    def spent(self) -> bool:
        return self.setting.times is not None and self.strikes >= self.setting.times


@dataclass
class Faults:
    _armed: dict[tuple[Side, Fault], list[_Armed]] = field(default_factory=dict)
    _listeners: list[Callable[[Setting], None]] = field(default_factory=list)

    def listen(self, heard: Callable[[Setting], None]) -> None:
        """Called with each setting as it is armed, for faults that strike what exists at that moment."""
        self._listeners.append(heard)

    def set(self, setting: Setting) -> None:
        """Arms; one of the same fault and path is replaced, counting anew. ValueError: not a fault of that side."""
        if setting.fault not in FAULTS_OF[setting.side]:
            raise ValueError(f"{setting.side} has no fault {setting.fault}")
        if setting.every < 1:
            raise ValueError("every: at least 1")
        armed = self._armed.setdefault((setting.side, setting.fault), [])
        armed[:] = [other for other in armed if other.setting.path != setting.path] + [_Armed(setting)]
        for heard in self._listeners:
            heard(setting)

    def clear(self, side: Side | None = None, fault: Fault | None = None) -> None:
        """Of one side, one fault, or all."""
        for key in [key for key in self._armed if side in (None, key[0]) and fault in (None, key[1])]:
            del self._armed[key]

    def strikes(self, side: Side, fault: Fault, path: str, named_only: bool = False) -> Setting | None:
        """Counts the call; the setting when this call is to go wrong.

        `named_only`: only settings with a path of their own; for calls that come by themselves, as polls do.
        """
        for armed in self._armed.get((side, fault), ()):
            if armed.spent() or (named_only and armed.setting.path is None):
                continue
            if armed.setting.path is not None and armed.setting.path not in path:
                continue
            armed.calls += 1
            if armed.calls % armed.setting.every == 0:
                armed.strikes += 1
                return armed.setting
        return None

    def first(self, side: Side, faults: Iterable[Fault], path: str, named_only: bool = False) -> Setting | None:
        """The first of several that strikes; the ones behind it do not count the call."""
        return next((hit for fault in faults if (hit := self.strikes(side, fault, path, named_only))), None)

    def view(self) -> list[dict[str, Any]]:
        return [
            asdict(armed.setting) | {"calls": armed.calls, "struck": armed.strikes}
            for group in self._armed.values()
            for armed in group
        ]
