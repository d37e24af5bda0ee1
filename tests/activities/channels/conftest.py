"""The master bot beside the bots of organisations."""

import pytest

from models import Bot
from tests.activities.channels_setup import MASTER_TOKEN, ChannelsSetup


@pytest.fixture
async def master(front: ChannelsSetup) -> Bot:
    return await front.new_bot(MASTER_TOKEN, organisation_id=None)
