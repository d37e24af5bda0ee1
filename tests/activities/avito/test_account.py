"""A call to Avito keeps the pace that Avito asks for and survives its faults."""

from datetime import timedelta

import pytest

from activities.avito.account import AccountAway
from gateways.outcome import NotFound, Unknown
from models import Account
from models.channels.account import AccountStatus
from tests.activities.channels_setup import ChannelsSetup


async def test_one_chat_that_is_not_ours_does_not_block_the_account(channels: ChannelsSetup, account: Account) -> None:
    opened = await channels.accounts.opened(account.id)
    await channels.new_chat("u2i-1~a")
    with pytest.raises(NotFound):
        await channels.accounts.call(opened, lambda avito: avito.chat("u2i-none"))
    assert (await channels.fresh(account)).status is AccountStatus.ACTIVE


async def test_avito_is_obeyed_when_it_says_to_wait(channels: ChannelsSetup, account: Account) -> None:
    opened = await channels.accounts.opened(account.id)
    await channels.fault("avito", "too-many", times=1, seconds=30, path="/messenger/")
    with pytest.raises(AccountAway) as refused:
        await channels.accounts.call(opened, lambda avito: avito.chats(limit=1))
    assert refused.value.retry_at == channels.clock() + timedelta(seconds=30)
    before = len(channels.world.journal.view())
    with pytest.raises(AccountAway, match="turn"):
        await channels.accounts.call(await channels.accounts.opened(account.id), lambda avito: avito.chats(limit=1))
    assert len(channels.world.journal.view()) == before
    channels.clock.advance(timedelta(seconds=30))
    again = await channels.accounts.opened(account.id)
    for _ in range(10):
        await channels.accounts.call(again, lambda avito: avito.chats(limit=1))
    assert channels.slept == []


async def test_a_reading_survives_two_faults_and_tells_of_the_third(channels: ChannelsSetup, account: Account) -> None:
    opened = await channels.accounts.opened(account.id)
    await channels.fault("avito", "html", times=2)
    await channels.accounts.read(opened, lambda avito: avito.chats(limit=1))
    await channels.fault("avito", "server-error", times=3)
    with pytest.raises(Unknown):
        await channels.accounts.read(opened, lambda avito: avito.chats(limit=1))
