"""What a refresh token that comes back means."""

from datetime import timedelta

import pytest

from domain.people.session import GRACE, SESSION_LIFETIME, RefreshToken, Verdict, judge, judge_in_browser
from tests.clock import MONDAY_NOON

SECOND = timedelta(seconds=1)
END = MONDAY_NOON + SESSION_LIFETIME


def token(ago: timedelta | None = None, *, newest: bool = True, revoked: bool = False) -> RefreshToken:
    replaced_at = MONDAY_NOON - ago if ago is not None else None
    return RefreshToken(replaced_at, newest, session_revoked=revoked, session_expires_at=END)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (token(), Verdict.ROTATE),
        (token(SECOND), Verdict.REPEATED),
        (token(GRACE), Verdict.REPEATED),
        (token(GRACE + SECOND), Verdict.REUSED),
        (token(SECOND, newest=False), Verdict.REUSED),
        (token(revoked=True), Verdict.DEAD),
        (token(GRACE + SECOND, revoked=True), Verdict.DEAD),
    ],
    ids=[
        "current",
        "second tab",
        "last moment of grace",
        "after it",
        "two rotations ago",
        "revoked",
        "revoked and old",
    ],
)
def test_only_the_current_token_is_rotated_and_an_old_one_is_a_stolen_one(
    shown: RefreshToken, verdict: Verdict
) -> None:
    assert judge(shown, MONDAY_NOON) is verdict


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (token(), Verdict.ROTATE),
        (token(SECOND), Verdict.ROTATE),
        (token(timedelta(days=1)), Verdict.ROTATE),
        (token(SECOND, newest=False), Verdict.REUSED),
        (token(SECOND, revoked=True), Verdict.DEAD),
    ],
    ids=["current", "lost answer", "lost long ago", "two rotations ago", "revoked"],
)
def test_in_a_browser_a_token_is_good_until_its_successor_is_used(shown: RefreshToken, verdict: Verdict) -> None:
    assert judge_in_browser(shown, MONDAY_NOON) is verdict


def test_a_session_ends_thirty_days_after_the_log_in_however_often_it_is_used() -> None:
    assert judge(token(), END - SECOND) is Verdict.ROTATE
    assert judge(token(), END) is Verdict.DEAD
