"""Failures are counted in the database, per account and per network, and forgotten with time."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from activities.kernel.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS, Limit, Limits
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import TooManyRequests
from models import RateBucket
from models.kernel.database import Sessions
from tests.clock import FakeClock

THREE = Limit("three", 3, 600)


@pytest.fixture
def limits(sessions: Sessions, keyring: Keyring, clock: FakeClock) -> Limits:
    return Limits(sessions, keyring, clock)


async def test_the_last_allowed_failure_closes_the_door_for_this_account_only(limits: Limits) -> None:
    for _ in range(3):
        await limits.check((THREE, "a"))
        await limits.count((THREE, "a"))
    with pytest.raises(TooManyRequests):
        await limits.check((THREE, "a"))
    await limits.check((THREE, "b"))


async def test_who_waits_as_long_as_he_is_told_is_listened_to_again(limits: Limits, clock: FakeClock) -> None:
    for _ in range(3):
        await limits.count((THREE, "a"))
        clock.advance(timedelta(seconds=100))
    with pytest.raises(TooManyRequests) as refused:
        await limits.check((THREE, "a"))
    clock.advance(timedelta(seconds=refused.value.retry_after - 1))
    with pytest.raises(TooManyRequests):
        await limits.check((THREE, "a"))
    clock.advance(timedelta(seconds=1))
    await limits.check((THREE, "a"))


async def test_no_ten_minutes_hold_more_failures_than_the_limit(limits: Limits, clock: FakeClock) -> None:
    """Tried once a second for an hour: the edge of a window gives nobody a second helping."""
    passed: list[int] = []
    for second in range(0, 3600, 20):
        try:
            await limits.spend(THREE, "a")
            passed.append(second)
        except TooManyRequests:
            pass
        clock.advance(timedelta(seconds=20))
    assert len(passed) >= 3 * 5
    assert all(later - earlier >= 600 for earlier, later in zip(passed, passed[3:], strict=False))


async def test_failures_at_the_same_time_are_all_counted(limits: Limits) -> None:
    await asyncio.gather(*(limits.count((LOGIN_ACCOUNT, "a"), (LOGIN_ADDRESS, "n")) for _ in range(9)))
    await limits.check((LOGIN_ACCOUNT, "a"))
    await limits.count((LOGIN_ACCOUNT, "a"))
    with pytest.raises(TooManyRequests):
        await limits.check((LOGIN_ACCOUNT, "a"), (LOGIN_ADDRESS, "n"))


async def test_the_table_names_nobody(limits: Limits, sessions: Sessions) -> None:
    await limits.count((LOGIN_ACCOUNT, "client:9161234567"), (LOGIN_ADDRESS, "203.0.113.9"))
    async with sessions() as session:
        keys = [bucket.key for bucket in await session.exec(select(RateBucket))]
    assert len(keys) == 2
    assert not any("9161234567" in key or "203.0.113.9" in key for key in keys)
