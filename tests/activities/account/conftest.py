"""An Avito account of a bot, looked after and swept as a worker does it."""

import pytest

from activities.account import AccountStanding
from models import Account, Bot
from tests.activities.front import Front


@pytest.fixture
async def bot(front: Front) -> Bot:
    return await front.new_bot()


@pytest.fixture
async def account(front: Front, bot: Bot) -> Account:
    return await front.new_account(bot)


async def keep(front: Front, account: Account) -> AccountStanding:
    """Twice, as after a worker's crash."""
    await front.account_activities.keep(account.id)
    return await front.account_activities.keep(account.id)


async def connected(front: Front, account: Account) -> None:
    """Swept once, so that what comes from now on is new."""
    assert (await front.account_activities.sweep(account.id)).trouble is None
    front.woken.clear()
