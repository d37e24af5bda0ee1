"""What is done next with a delivery: which channel, when, and when nothing more is sent."""

from datetime import datetime, timedelta
from itertools import pairwise, permutations

import pytest

from domain.deliveries.delivery import (
    PATIENCE,
    PATIENCE_FOR_CODES,
    RECEIPTS_FOR,
    AttemptState,
    Channel,
    DeliveryState,
    Over,
    Purpose,
    Reason,
    Tried,
    Try,
    Wait,
    next_move,
    next_receipt,
    pause_after,
)
from tests.clock import MONDAY_NOON as NOW

SECOND = timedelta(seconds=1)
EXPIRES = NOW + timedelta(minutes=10)
CODE = Purpose.SIGNING_CODE
SMS, MAIL, CHAT = Channel.SMS, Channel.MAIL, Channel.SUPPORT_CHAT
LOST = (AttemptState.REJECTED, AttemptState.UNREACHABLE, AttemptState.UNDELIVERED, AttemptState.UNKNOWN)


def tried(channel: Channel, state: AttemptState, age: timedelta = timedelta(), wait: timedelta = timedelta()) -> Tried:
    return Tried(channel, state, NOW - age, NOW + wait if state is AttemptState.NOT_DONE else None)


def test_the_first_channel_comes_first() -> None:
    for order in permutations(Channel):
        assert next_move(order, [], EXPIRES, CODE, NOW) == Try(order[0])


@pytest.mark.parametrize("state", LOST)
def test_a_channel_that_came_to_nothing_is_followed_by_the_next_and_never_used_again(state: AttemptState) -> None:
    assert next_move([SMS, MAIL], [tried(SMS, state)], EXPIRES, CODE, NOW) == Try(MAIL)
    over = next_move([SMS, MAIL], [tried(SMS, state), tried(MAIL, AttemptState.REJECTED)], EXPIRES, CODE, NOW)
    unsure = state is AttemptState.UNKNOWN
    assert over == Over(DeliveryState.UNKNOWN if unsure else DeliveryState.FAILED)


def test_a_claim_whose_process_died_is_an_unknown_send() -> None:
    assert next_move([SMS, MAIL], [tried(SMS, AttemptState.CLAIMED)], EXPIRES, CODE, NOW) == Try(MAIL)


@pytest.mark.parametrize(
    ("state", "said"),
    [(AttemptState.SENT, DeliveryState.SENT), (AttemptState.DELIVERED, DeliveryState.DELIVERED)],
)
@pytest.mark.parametrize("now", [NOW, EXPIRES])
def test_what_has_gone_out_goes_by_no_other_channel(state: AttemptState, said: DeliveryState, now: datetime) -> None:
    for other in (None, *LOST):
        attempts = [tried(MAIL, state), *([tried(SMS, other)] if other else [])]
        assert next_move([SMS, MAIL, CHAT], attempts, EXPIRES, CODE, now) == Over(said)


def test_a_channel_that_sends_nothing_is_waited_for_a_short_time_only() -> None:
    waits = tried(SMS, AttemptState.NOT_DONE, age=5 * SECOND, wait=2 * SECOND)
    assert next_move([SMS, MAIL], [waits], EXPIRES, CODE, NOW) == Wait(NOW + 2 * SECOND)
    due = tried(SMS, AttemptState.NOT_DONE, age=5 * SECOND)
    assert next_move([SMS, MAIL], [due], EXPIRES, CODE, NOW) == Try(SMS)
    old = tried(SMS, AttemptState.NOT_DONE, age=PATIENCE_FOR_CODES)
    assert next_move([SMS, MAIL], [old], EXPIRES, CODE, NOW) == Try(MAIL)
    assert next_move([SMS], [old], EXPIRES, CODE, NOW) == Over(DeliveryState.FAILED)


def test_a_channel_that_asks_for_a_longer_wait_than_a_person_has_is_left_at_once() -> None:
    busy = tried(SMS, AttemptState.NOT_DONE, wait=PATIENCE_FOR_CODES)
    assert next_move([SMS, MAIL], [busy], EXPIRES, CODE, NOW) == Try(MAIL)


def test_a_copy_waits_for_days() -> None:
    away = tried(MAIL, AttemptState.NOT_DONE, age=timedelta(days=2), wait=timedelta(minutes=15))
    assert next_move([MAIL], [away], None, Purpose.SIGNED_COPY, NOW) == Wait(NOW + timedelta(minutes=15))
    older = tried(MAIL, AttemptState.NOT_DONE, age=PATIENCE)
    assert next_move([MAIL], [older], None, Purpose.SIGNED_COPY, NOW) == Over(DeliveryState.FAILED)


@pytest.mark.parametrize("state", [*LOST, AttemptState.NOT_DONE])
def test_an_expired_code_is_not_sent(state: AttemptState) -> None:
    said = next_move([SMS, MAIL], [tried(SMS, state)], NOW, CODE, NOW)
    unsure = state is AttemptState.UNKNOWN
    assert said == Over(DeliveryState.UNKNOWN if unsure else DeliveryState.FAILED, Reason.EXPIRED)


def test_no_wait_outlasts_the_code() -> None:
    waits = tried(SMS, AttemptState.NOT_DONE, wait=10 * SECOND)
    assert next_move([SMS], [waits], NOW + SECOND, CODE, NOW) == Wait(NOW + SECOND)


def test_pauses_grow_and_end_at_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(tries) for tries in range(1, 40)]
    assert pauses[:3] == [2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert all(one <= other for one, other in pairwise(pauses))
    assert pauses[-1] == timedelta(minutes=15)


def test_receipts_are_asked_for_a_day_ever_more_seldom() -> None:
    asked: list[datetime] = []
    while (at := next_receipt(NOW, len(asked))) is not None:
        asked.append(at)
    assert asked[0] == NOW + 5 * SECOND
    assert NOW + RECEIPTS_FOR - timedelta(hours=1) < asked[-1] <= NOW + RECEIPTS_FOR
    assert all(one < other for one, other in pairwise(asked))
    assert len(asked) < 50
