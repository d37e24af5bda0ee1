"""A session of a client or of the staff: how long it lives and what a refresh token that comes back means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ACCESS_LIFETIME: Final = timedelta(minutes=15)
NOT_SIGNED_IN: Final = "Вход не выполнен или устарел. Войдите снова."
SESSION_LIFETIME: Final = timedelta(days=30)
"""From the log-in on, however often its token is rotated."""

GRACE: Final = timedelta(seconds=10)
"""Two tabs, or an answer that was lost: the token just replaced may come once more without an alarm."""


class Verdict(StrEnum):
    ROTATE = "rotate"
    REPEATED = "repeated"
    REUSED = "reused"
    DEAD = "dead"


@dataclass(frozen=True)
class RefreshToken:
    """A token that came back, with what is known of its family; `newest_replaced`: its successor is the current one."""

    replaced_at: datetime | None
    newest_replaced: bool
    session_revoked: bool
    session_expires_at: datetime


def judge(token: RefreshToken, now: datetime) -> Verdict:
    """RFC 9700 §4.14.2: a token that was used before is a stolen one, but for the grace of the one just replaced."""
    if token.session_revoked or now >= token.session_expires_at:
        return Verdict.DEAD
    if token.replaced_at is None:
        return Verdict.ROTATE
    if token.newest_replaced and now - token.replaced_at <= GRACE:
        return Verdict.REPEATED
    return Verdict.REUSED


def judge_in_browser(token: RefreshToken, now: datetime) -> Verdict:
    """As `judge`, but the token just replaced is good until its successor is used: perhaps that one never arrived.

    The cookie of a phone in a cellar: an answer that was lost must not sign its owner out. A thief gains nothing that
    stays hidden: his use makes the owner's successor an old token, and the owner's next request ends the session.
    """
    verdict = judge(token, now)
    return Verdict.ROTATE if verdict is not Verdict.DEAD and token.newest_replaced else verdict
