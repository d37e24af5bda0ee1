"""A dialog in a topic of the group of its account's bot."""

import pytest

from models import Account, Bot, Dialog
from tests.activities.channels.inbox.updates import GROUP, TOPIC
from tests.activities.channels_setup import ChannelsSetup


@pytest.fixture
async def bot(channels: ChannelsSetup) -> Bot:
    return await channels.new_bot(group_chat_id=GROUP)


@pytest.fixture
async def account(channels: ChannelsSetup, bot: Bot) -> Account:
    return await channels.new_account(bot)


@pytest.fixture
async def dialog(channels: ChannelsSetup, account: Account) -> Dialog:
    return await channels.new_dialog(account, telegram_chat_id=GROUP, telegram_topic_id=TOPIC)
