"""A bot of an organisation and the master bot, looked after as a worker does it."""

import pytest

from activities.channels.bot_keeper import BotStanding
from models import Bot
from tests.activities.front import MASTER_TOKEN, Front


@pytest.fixture
async def bot(front: Front) -> Bot:
    return await front.new_bot()


@pytest.fixture
async def master(front: Front) -> Bot:
    return await front.new_bot(MASTER_TOKEN, organisation_id=None)


async def keep(front: Front, bot: Bot) -> BotStanding:
    """Twice, as after a worker's crash."""
    await front.bot_activities.keep(bot.id)
    return await front.bot_activities.keep(bot.id)
