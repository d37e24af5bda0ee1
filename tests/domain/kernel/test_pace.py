"""A group is sent to as fast as allowed, in a fair order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.pace import Bucket, Granted, Priority, Wait, Waiter, block, capacity, grant, refill

NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
FULL = Bucket.full(20, NOW)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def waiter(number: int, priority: Priority = Priority.MESSAGE, asked: float = 0) -> Waiter:
    return Waiter(UUID(int=number), priority, after(asked))


ME = waiter(1)


def holding(tokens: float) -> Bucket:
    return Bucket(tokens, NOW)


def sends(per_minute: int, count: int) -> list[float]:
    """Seconds at which one who always has something to send may do so."""
    bucket, now, sent = Bucket.full(per_minute, NOW), NOW, list[float]()
    while len(sent) < count:
        answer = grant(bucket, [ME], ME, per_minute, now)
        if isinstance(answer, Granted):
            bucket = answer.bucket
            sent.append((now - NOW).total_seconds())
        else:
            assert answer.until > now
            now = answer.until
    return sent


def test_a_quarter_of_a_minute_goes_at_once_and_the_rest_in_even_steps() -> None:
    assert sends(20, 8) == [0.0] * 5 + [4.0, 8.0, 12.0]


@pytest.mark.parametrize("per_minute", [2, 4, 20, 60])
def test_no_minute_holds_more_than_it_may(per_minute: int) -> None:
    sent = sends(per_minute, 4 * per_minute)
    assert max(sum(first <= one < first + 60 for one in sent) for first in sent) <= per_minute


@pytest.mark.parametrize(
    ("me", "others", "tokens", "granted"),
    [
        (waiter(1, asked=1), [waiter(2, asked=0)], 1, False),
        (waiter(1, asked=1), [waiter(2, asked=0)], 2, True),  # enough for both
        (waiter(1, asked=0), [waiter(2, asked=1)], 1, True),
        (waiter(1, asked=9), [waiter(2, Priority.CARD)], 1, True),
        (waiter(1, Priority.CARD), [waiter(2, asked=9)], 1, False),
        (waiter(1, Priority.STATUS), [], 2.5, True),
        (waiter(1, Priority.STATUS), [], 2.4, False),
        (waiter(1, Priority.STATUS), [waiter(2, asked=9)], 5, False),
        (waiter(1, Priority.STATUS), [waiter(2, Priority.CARD, 9)], 5, False),
        (waiter(1, Priority.STATUS, 1), [waiter(2, Priority.STATUS, 0)], 3, False),
        (waiter(1, Priority.STATUS, 1), [waiter(2, Priority.STATUS, 0)], 3.5, True),
        (ME, [ME, waiter(1, asked=-9)], 1, True),  # nobody waits for himself
        (ME, [], 0.5, False),
    ],
)
def test_who_may_send_now(me: Waiter, others: list[Waiter], tokens: float, granted: bool) -> None:
    answer = grant(holding(tokens), others, me, 20, NOW)
    assert isinstance(answer, Granted) == granted
    if isinstance(answer, Granted):
        assert answer.bucket.tokens == tokens - 1
    else:
        assert answer.until > NOW


def test_a_wait_lasts_until_those_before_and_oneself_have_their_share() -> None:
    ahead = [waiter(number, asked=-1) for number in range(2, 5)]
    assert grant(holding(1), ahead, ME, 20, NOW) == Wait(after(12))


def test_what_is_owed_is_paid_back() -> None:
    assert grant(holding(-5), [], ME, 20, NOW) == Wait(after(24))


@pytest.mark.parametrize(("per_minute", "burst"), [(20, 5), (5, 1), (600, 150), (1, 1)])
def test_what_is_saved_up_is_bounded(per_minute: int, burst: int) -> None:
    bucket = Bucket(0, NOW - timedelta(days=1))
    assert grant(bucket, [], ME, per_minute, NOW) == Granted(holding(burst - 1))


def test_a_clock_that_is_behind_gains_nothing() -> None:
    bucket = Bucket(0, after(10))
    assert isinstance(grant(bucket, [], ME, 20, NOW), Wait)


@pytest.mark.parametrize("per_minute", [0, 20])
def test_a_429_stops_everybody_as_long_as_told(per_minute: int) -> None:
    blocked = block(FULL, 30, NOW)
    assert grant(blocked, [], ME, per_minute, after(29)) == Wait(after(30))
    assert isinstance(grant(blocked, [], ME, per_minute, after(30)), Granted)
    assert block(blocked, 5, NOW).blocked_until == after(30)


def test_without_a_budget_nobody_waits() -> None:
    crowd = [waiter(number, asked=-1) for number in range(2, 99)]
    assert grant(holding(0), crowd, waiter(1, Priority.STATUS), 0, NOW) == Granted(holding(0))


@pytest.mark.parametrize(("retry_after", "seconds"), [(-5.0, 0), (float("nan"), 0), (float("inf"), 86_400), (0.5, 0.5)])
def test_a_strange_retry_after_does_no_harm(retry_after: float, seconds: float) -> None:
    assert block(FULL, retry_after, NOW).blocked_until == after(seconds)


crowds = st.lists(
    st.builds(waiter, st.integers(1, 9), st.sampled_from(Priority), st.integers(-30, 0)),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.dialog,
)


@given(crowds, st.integers(1, 60), st.floats(-20, 20))
def test_everybody_is_served_and_messages_in_order(crowd: list[Waiter], per_minute: int, tokens: float) -> None:
    bucket, now, left, served = Bucket(min(tokens, capacity(per_minute)), NOW), NOW, list(crowd), []
    for _ in range(400):
        if not left:
            break
        answers = {one: grant(bucket, left, one, per_minute, now) for one in left}
        first = min(left, key=lambda one: (one.priority, one.asked_at, one.dialog))
        granted = answers[first]
        if isinstance(granted, Granted):
            bucket = granted.bucket
            left.remove(first)
            served.append(first)
        else:
            # Who comes first may go at the very moment that he was told.
            assert not any(isinstance(answer, Granted) for answer in answers.values())
            assert now < granted.until <= now + timedelta(seconds=60 * 41 / refill(per_minute) + 1)
            now = granted.until
    assert not left
    assert [one.priority for one in served] == sorted(one.priority for one in served)
