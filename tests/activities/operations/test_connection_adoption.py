"""The adoption of connections begins the workflows of bots and accounts that live."""

from uuid import UUID

from activities.operations.adoption import ConnectionAdoptionActivities
from models import Bot
from tests.activities.channels_setup import ChannelsSetup


async def test_bots_and_accounts_that_live_are_begun(channels: ChannelsSetup, bot: Bot, master: Bot) -> None:
    account = await channels.new_account(bot)
    gone = await channels.new_account(bot, deleted_at=channels.clock())
    begun: list[UUID] = []

    async def begin(one: UUID) -> None:
        begun.append(one)

    adoption = ConnectionAdoptionActivities(channels.sessions, begin, begin)
    assert await adoption.begin_accounts_and_bots() == 3
    assert sorted(begun) == sorted([bot.id, master.id, account.id])
    assert gone.id not in begun
