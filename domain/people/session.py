"""Sessions of clients and staff: lifetimes, and the verdict on a presented refresh token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ACCESS_LIFETIME: Final = timedelta(minutes=15)
NOT_SIGNED_IN: Final = "Вход не выполнен или устарел. Войдите снова."
SESSION_LIFETIME: Final = timedelta(days=30)
"""Counted from the log-in; rotation does not extend it."""

GRACE: Final = timedelta(seconds=10)
"""Time in which the last replaced token may be presented again (two tabs, a lost answer)."""


class Verdict(StrEnum):
    ROTATE = "rotate"
    REPEATED = "repeated"
    REUSED = "reused"
    DEAD = "dead"


@dataclass(frozen=True)
class RefreshToken:
    """A presented token with the state of its family; `newest_replaced`: its successor is the current token."""

    replaced_at: datetime | None
    newest_replaced: bool
    session_revoked: bool
    session_expires_at: datetime


def judge(token: RefreshToken, now: datetime) -> Verdict:
    """RFC 9700 §4.14.2: a reused token counts as stolen, except the last replaced one within `GRACE`."""
    if token.session_revoked or now >= token.session_expires_at:
        return Verdict.DEAD
    if token.replaced_at is None:
        return Verdict.ROTATE
    if token.newest_replaced and now - token.replaced_at <= GRACE:
        return Verdict.REPEATED
    return Verdict.REUSED


def judge_in_browser(token: RefreshToken, now: datetime) -> Verdict:
    """As `judge`, but the last replaced token is valid until its successor is used, which may not have arrived.

    A lost answer must not sign the owner out. A theft is still detected: its use makes the owner's successor an old
    token, and the owner's next request ends the session.
    """
    verdict = judge(token, now)
    return Verdict.ROTATE if verdict is not Verdict.DEAD and token.newest_replaced else verdict
