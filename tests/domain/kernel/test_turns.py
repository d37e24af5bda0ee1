"""An account is called as fast as Avito allows, the urgent first, and nobody waits for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pace import BUDGETS, EVERY, Plan, Refusing, fastest, run
from domain.kernel.turns import (
    COMES_BACK,
    FADES,
    RESUMES_MS,
    SLOWEST_MS,
    YIELDS,
    NotYet,
    Pace,
    Place,
    Taken,
    Urgency,
    after_refusal,
    after_success,
    interval,
    is_free,
    queued_until,
    ready_at,
    take,
)

NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def refused(pace: Pace, now: datetime, retry_after: float | None = None) -> Pace:
    """By a call that began just now."""
    return after_refusal(pace, now, now, retry_after)


def place(who: str, urgency: Urgency = Urgency.REPLY, asked: float = 0, retry: float = 0) -> Place:
    return Place(who, urgency, after(asked), after(retry))


ME = place("me")


def test_avito_is_asked_at_once_until_it_refuses() -> None:
    assert is_free(Pace(), NOW)
    assert after_success(Pace(), NOW) == Pace()
    assert take(Pace(), [], ME, NOW) == Taken(Pace(next_at=NOW))


@pytest.mark.parametrize("seconds", [0.25, 1, 7, 600])
def test_named_seconds_are_obeyed_and_no_more(seconds: float) -> None:
    pace = Pace()
    for _ in range(20):
        pace = refused(pace, NOW, seconds)
    assert ready_at(pace, NOW) == after(seconds)
    assert is_free(pace, after(seconds))
    assert not is_free(pace, after(seconds - 0.01))


def test_named_seconds_are_never_shortened() -> None:
    pace = refused(Pace(), NOW, 7)
    assert ready_at(refused(pace, NOW, 2), NOW) == after(7)
    assert ready_at(refused(pace, NOW), NOW) == after(7)
    assert ready_at(after_success(pace, after(1)), after(1)) == after(7)


@pytest.mark.parametrize("seconds", [None, 0.0, -5.0, float("nan")])
def test_no_seconds_slow_down(seconds: float | None) -> None:
    pace = refused(Pace(), NOW, seconds)
    assert pace.blocked_until is None
    assert ready_at(pace, NOW) == after(0.2)


def test_seconds_beyond_a_day_are_a_day() -> None:
    assert ready_at(refused(Pace(), NOW, float("inf")), NOW) == after(86_400)


def test_refusals_without_seconds_slow_down_to_a_bound() -> None:
    pace, at, intervals = Pace(), NOW, []
    for _ in range(12):
        at += timedelta(milliseconds=pace.interval_ms)
        pace = refused(pace, at)
        intervals.append(pace.interval_ms)
    assert intervals == sorted(intervals)
    assert (intervals[0], intervals[-1]) == (200, SLOWEST_MS)
    resumed = after_success(pace, at + FADES)
    assert (resumed.refusals, resumed.interval_ms) == (0, RESUMES_MS)
    assert ready_at(resumed, at + FADES) <= at + FADES + timedelta(milliseconds=RESUMES_MS)


def test_a_slow_down_fades_with_time_alone() -> None:
    pace = Pace(interval_ms=SLOWEST_MS, slowed_at=NOW)
    assert interval(pace, NOW + FADES) == timedelta(milliseconds=SLOWEST_MS / 2)
    assert interval(pace, NOW + 3 * FADES) == timedelta(milliseconds=SLOWEST_MS / 8)
    assert is_free(pace, NOW + 7 * FADES)
    # The clock of the worker that stored it may be ahead.
    assert interval(pace, NOW - FADES) == timedelta(milliseconds=SLOWEST_MS)


def test_under_refusals_only_something_is_tried_every_few_seconds() -> None:
    pace, now, tried = Pace(), NOW, 0
    while now < after(600):
        now = ready_at(pace, now)
        pace, tried = refused(pace, now), tried + 1
    assert tried >= 600_000 / SLOWEST_MS


def test_calls_that_were_under_way_together_slow_down_once() -> None:
    first = refused(Pace(), after(1))
    assert after_refusal(first, after(1.1), NOW) == first
    assert after_refusal(first, after(1.2), after(1.2)).interval_ms > 200
    assert after_refusal(first, after(30), after(0.9)).interval_ms == 200


@pytest.mark.parametrize(
    ("limit", "remaining", "ready"),
    [
        (60, 0, 30),  # 12:00:30: the minute ends at 12:01
        (None, 0, 30),
        (60, 5, 1),
        (60, 6, 0),
        (1, 0, 30),
        (None, 5, 0),
        (60, None, 0),
        (0, 3, 0),
    ],
)
def test_what_avito_says_of_its_limit_is_heeded(limit: int | None, remaining: int | None, ready: float) -> None:
    assert ready_at(after_success(Pace(), NOW, limit, remaining), NOW) == after(ready)


def test_a_refusal_that_tells_of_a_used_up_minute_blocks_until_its_end() -> None:
    assert ready_at(after_refusal(Pace(), NOW, NOW, None, 0), NOW) == after(30)
    assert ready_at(after_refusal(Pace(), NOW, NOW, 2, 0), NOW) == after(2)


# The queue.


@pytest.mark.parametrize(
    ("me", "other", "mine"),
    [
        (place("me", asked=1), place("other", asked=0), False),
        (place("me", asked=0), place("other", asked=1), True),
        (place("me", asked=9), place("other", Urgency.READING), True),
        (place("me", Urgency.READING), place("other", asked=9), False),
        (place("me", Urgency.SWEEP), place("other", Urgency.READING, asked=9), False),
        (place("me", Urgency.READING, asked=-21), place("other"), True),  # has waited long enough
        (place("me", Urgency.SWEEP, asked=-61), place("other"), True),
        (place("me", Urgency.SWEEP, asked=1), place("me"), True),  # nobody waits for himself
        (place("me", asked=1), place("other", retry=-2), True),  # has not come back: dead
        (place("me", asked=1), place("other", retry=-1.9), False),
        (place("me", asked=1), place("other", retry=0.1), True),  # not due yet, and loses nothing
        (place("me", Urgency.SWEEP), place("other", retry=1), False),  # more urgent
        (place("me", Urgency.SWEEP), place("other", retry=1.1), True),
    ],
)
def test_whose_turn_it_is(me: Place, other: Place, mine: bool) -> None:
    assert isinstance(take(Pace(), [other, me], me, NOW), Taken) == mine


def test_a_turn_is_not_taken_from_one_who_is_due_before_the_next() -> None:
    slow = Pace(interval_ms=1000, slowed_at=NOW)
    assert isinstance(take(slow, [place("other", retry=0.9)], place("me", Urgency.SWEEP), NOW), NotYet)
    assert isinstance(take(slow, [place("other", retry=1.1)], place("me", Urgency.SWEEP), NOW), Taken)


def test_who_waits_is_told_a_moment_for_himself() -> None:
    blocked = Pace(blocked_until=after(5))
    told = [take(blocked, [place(str(one)) for one in range(count)], place("me", asked=1), NOW) for count in range(3)]
    assert told == [NotYet(after(5)), NotYet(after(5.1)), NotYet(after(5.2))]


def test_the_next_turn_is_an_interval_away() -> None:
    taken = take(Pace(interval_ms=1000, slowed_at=NOW), [], ME, NOW)
    assert isinstance(taken, Taken)
    assert ready_at(taken.pace, NOW) == after(1)


def test_the_queue_is_asked_as_long_as_somebody_may_come_back() -> None:
    pace = Pace(queued_until=queued_until([place("other", retry=3), place("another", retry=1)]))
    assert not is_free(pace, after(3))
    assert is_free(pace, after(3) + COMES_BACK)
    assert queued_until([]) is None


crowds = st.lists(
    st.builds(place, st.sampled_from("abcdefgh"), st.sampled_from(Urgency), st.integers(-90, 0)),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.who,
)


@given(crowds, st.integers(0, SLOWEST_MS), st.integers(-10, 20))
def test_everybody_has_his_turn_in_order(crowd: list[Place], interval_ms: int, blocked: int) -> None:
    pace, now = Pace(blocked_until=after(blocked), interval_ms=interval_ms, slowed_at=NOW), NOW
    left, served = {one.who: one for one in crowd}, list[Place]()
    for _ in range(2000):
        if not left:
            break
        for one in sorted(left.values(), key=lambda one: (one.retry_at, one.asked_at + YIELDS[one.urgency])):
            if one.retry_at > now:
                continue
            answer = take(pace, left.values(), one, now)
            if isinstance(answer, Taken):
                pace = answer.pace
                served.append(left.pop(one.who))
            else:
                assert answer.until > now
                left[one.who] = Place(one.who, one.urgency, one.asked_at, answer.until)
        now = min((one.retry_at for one in left.values()), default=now)
    assert not left
    ranks = [one.asked_at + YIELDS[one.urgency] for one in served]
    assert ranks == sorted(ranks)


# Under a true limit, played with the clock of a simulation (`bench.pace`).


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("named", [1.0, None])
def test_refused_shares_cost_little_more_than_they_must(every: int, named: float | None) -> None:
    plan, service = Plan(), Refusing(every=every, named=named)
    played = run(plan, service)
    assert played.left == 0
    if named is not None:
        assert played.last_reply <= 1.5 * fastest(plan, service) + 1
    else:
        # Nobody knows how long to wait: each refusal costs about the half-life of a slow-down.
        assert played.seconds <= 2 * FADES.total_seconds() * played.refused + 1


@pytest.mark.parametrize("service", BUDGETS, ids=lambda one: one.name)
def test_a_true_budget_is_used_up(service: Refusing) -> None:
    plan = Plan(replies=60, readings=30, sweeps=6)
    played = run(plan, service)
    assert played.left == 0
    assert played.seconds <= 1.5 * fastest(plan, service)


@pytest.mark.parametrize("service", BUDGETS, ids=lambda one: one.name)
def test_replies_do_not_wait_behind_readings_and_sweeps(service: Refusing) -> None:
    played = run(Plan(replies=30, readings=150, sweeps=30), service)
    assert played.left == 0
    assert played.last_reply <= played.seconds / 2
