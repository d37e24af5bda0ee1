"""The turns of an account are shared by all workers: the urgent first, a short wait inside, a longer one outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from activities.avito.account import AccountAway, Accounts, Opened
from activities.avito.turns import COMES_AGAIN, PATIENCE, TRIES, WAITERS
from domain.kernel.turns import COMES_BACK, Urgency
from gateways.avito.client import Avito
from gateways.avito.shapes import Chat
from models import Account, AvitoWait
from tests.activities.channels_setup import ChannelsSetup


def another_process(channels: ChannelsSetup) -> Accounts:
    avito = Avito(channels.http, channels.url)
    return Accounts(channels.sessions, channels.keyring, avito, channels.clock, channels._sleep)


async def asks(accounts: Accounts, account_id: UUID, who: str, urgency: Urgency = Urgency.REPLY) -> list[Chat]:
    """A new attempt of an activity, with one call."""
    opened = await accounts.opened(account_id, who=who)
    return await accounts.call(opened, lambda avito: avito.chats(limit=1), urgency)


async def refuses(channels: ChannelsSetup, fault: str, **more: object) -> None:
    """Avito refuses calls, except for a token."""
    await channels.fault("avito", fault, path="/messenger/", **more)


async def put_off(channels: ChannelsSetup, account: Account, who: str, urgency: Urgency = Urgency.REPLY) -> AccountAway:
    with pytest.raises(AccountAway, match="turn") as away:
        await asks(channels.accounts, account.id, who, urgency)
    return away.value


@contextmanager
def statements(channels: ChannelsSetup) -> Iterator[list[str]]:
    """All that are sent to the database meanwhile."""
    heard: list[str] = []
    engine = channels.sessions.kw["bind"].sync_engine

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize(("fault", "every"), [("too-many", 4), ("too-many-bare", 5), ("too-many-bare", 4)])
async def test_replies_get_through_where_a_part_is_refused(
    channels: ChannelsSetup, account: Account, fault: str, every: int
) -> None:
    opened = await channels.accounts.opened(account.id, who="chat")
    await refuses(channels, fault, every=every, seconds=1)
    began = channels.clock()
    for _ in range(27):
        await channels.accounts.call(opened, lambda avito: avito.chats(limit=1))
    refused = 27 // (every - 1)
    assert channels.clock() - began <= refused * timedelta(seconds=1.3)
    assert max(channels.slept) <= PATIENCE.total_seconds()
    channels.clock.advance(timedelta(seconds=20))
    channels.slept.clear()
    await refuses(channels, fault, every=1000, seconds=1)
    for _ in range(10):
        await channels.accounts.call(opened, lambda avito: avito.chats(limit=1))
    assert channels.slept == []


async def test_where_nothing_is_refused_a_call_costs_no_statement(channels: ChannelsSetup, account: Account) -> None:
    opened = await channels.accounts.opened(account.id)
    with statements(channels) as heard:
        await channels.accounts.call(opened, lambda avito: avito.chats(limit=1))
    assert heard == []


async def test_every_process_keeps_to_the_seconds_that_one_was_told(channels: ChannelsSetup, account: Account) -> None:
    elsewhere = another_process(channels)
    known: Opened = await channels.accounts.opened(account.id)
    await elsewhere.opened(account.id)
    await refuses(channels, "too-many", times=1, seconds=30)
    await put_off(channels, account, "a")
    before = channels.calls("avito", "/chats")
    # One who has read the row before, in the same process, and one of another.
    with pytest.raises(AccountAway, match="turn"):
        await channels.accounts.call(known, lambda avito: avito.chats(limit=1))
    with pytest.raises(AccountAway, match="turn"):
        await asks(elsewhere, account.id, "b")
    assert channels.calls("avito", "/chats") == before


async def test_what_another_process_was_told_counts_more_than_what_was_known_before(
    channels: ChannelsSetup, account: Account
) -> None:
    elsewhere = another_process(channels)
    await elsewhere.opened(account.id)
    await refuses(channels, "too-many-bare", times=1)
    await asks(elsewhere, account.id, "a")
    channels.clock.advance(timedelta(minutes=1))
    await refuses(channels, "too-many", times=1, seconds=30)
    await put_off(channels, account, "b")
    before = channels.calls("avito", "/chats")
    with pytest.raises(AccountAway, match="turn"):
        await asks(elsewhere, account.id, "a")
    assert channels.calls("avito", "/chats") == before


async def test_replies_go_first_then_readings_then_sweeps_each_in_order(
    channels: ChannelsSetup, account: Account
) -> None:
    await refuses(channels, "too-many", times=1, seconds=30)
    crowd = [
        ("sweep", Urgency.SWEEP),
        ("reading 1", Urgency.READING),
        ("reading 2", Urgency.READING),
        ("reply 1", Urgency.REPLY),
        ("reply 2", Urgency.REPLY),
    ]
    told = {}
    for who, urgency in crowd:
        told[who] = (await put_off(channels, account, who, urgency)).retry_at
        channels.clock.advance(timedelta(milliseconds=10))
    channels.clock.now = told["reply 2"] + timedelta(milliseconds=300)
    # All come back at once, and the last first; those who are not first come again.
    left, served = [who for who, _ in crowd], list[str]()
    while left:
        for who in list(left):
            process = another_process(channels)
            process._turns._waiting = WAITERS
            try:
                await asks(process, account.id, who, dict(crowd)[who])
            except AccountAway:
                continue
            served.append(who)
            left.remove(who)
    assert served == ["reply 1", "reply 2", "reading 1", "reading 2", "sweep"]


async def test_who_was_put_off_keeps_his_place(channels: ChannelsSetup, account: Account) -> None:
    await refuses(channels, "too-many", times=1, seconds=30)
    first = await put_off(channels, account, "first")
    channels.clock.advance(timedelta(seconds=20))
    second = await put_off(channels, account, "second")
    assert first.retry_at < second.retry_at
    await put_off(channels, account, "first")
    places = sorted(await channels.rows(AvitoWait), key=lambda one: one.asked_at)
    assert [one.who for one in places] == ["first", "second"]
    channels.clock.now = second.retry_at
    await asks(channels.accounts, account.id, "first")
    await asks(channels.accounts, account.id, "second")
    assert await channels.rows(AvitoWait) == []
    assert channels.slept == []


async def test_a_place_of_a_process_that_has_died_is_given_back(channels: ChannelsSetup, account: Account) -> None:
    await refuses(channels, "too-many", times=1, seconds=30)
    dead = await put_off(channels, account, "dead")
    other = await put_off(channels, account, "other", Urgency.SWEEP)
    channels.clock.now = max(dead.retry_at, other.retry_at)
    began = channels.clock()
    while True:
        try:
            await asks(channels.accounts, account.id, "other", Urgency.SWEEP)
            break
        except AccountAway as away:
            channels.clock.now = max(channels.clock.now, away.retry_at)
    assert channels.clock() - began <= COMES_BACK + COMES_AGAIN


async def test_few_wait_inside_so_that_slots_are_free(channels: ChannelsSetup, account: Account) -> None:
    await refuses(channels, "too-many", times=1, seconds=3)
    await put_off(channels, account, "a")
    channels.clock.advance(timedelta(seconds=2))
    channels.accounts._turns._waiting = WAITERS
    assert (await put_off(channels, account, "b")).retry_at >= channels.clock() + COMES_AGAIN
    assert channels.slept == []
    channels.accounts._turns._waiting = WAITERS - 1
    await asks(channels.accounts, account.id, "a")
    assert channels.slept
    assert channels.accounts._turns._waiting == WAITERS - 1


@pytest.mark.parametrize("fault", ["too-many", "too-many-bare"])
async def test_a_call_that_is_always_refused_ends_and_something_is_tried_again_soon(
    channels: ChannelsSetup, account: Account, fault: str
) -> None:
    await refuses(channels, fault, seconds=1)
    began, before = channels.clock(), channels.calls("avito", "/chats")
    while channels.clock() - began < timedelta(minutes=5):
        away = await put_off(channels, account, "a")
        assert channels.clock() < away.retry_at
        channels.clock.now = away.retry_at
    tried = channels.calls("avito", "/chats") - before
    assert 300 / 5 <= tried <= 300
    await refuses(channels, fault, every=1000)
    channels.slept.clear()
    await asks(channels.accounts, account.id, "a")
    assert sum(channels.slept) <= 1


async def test_seconds_that_are_none_do_not_make_it_ask_without_end(channels: ChannelsSetup, account: Account) -> None:
    await refuses(channels, "too-many", seconds=0)
    before = channels.calls("avito", "/chats")
    await put_off(channels, account, "a")
    assert channels.calls("avito", "/chats") - before <= TRIES
