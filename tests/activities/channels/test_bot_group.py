"""A bot's group is looked at again and again: what a person has to put right is said, and it heals by itself."""

from datetime import timedelta
from typing import Any

import pytest

from activities.channels.bot_keeper import BotStanding
from activities.conversations.telegram_side.group_check import TOKEN_REFUSED, check_new_group
from domain.conversations.group import ADVICE, GroupFault
from domain.kernel.trouble import Trouble
from models import Bot
from models.channels.bot import TOKEN, BotStatus
from models.kernel.columns import seal
from tests.activities.channels_setup import BOT_TOKEN, ChannelsSetup, keep_bot

F = GroupFault
FINE = BotStanding(True, polled=False)
BROKEN = BotStanding(True, polled=False, trouble=Trouble.GROUP)


async def role(channels: ChannelsSetup, group: int, name: str) -> None:
    await channels.post(f"/groups/{group}/role", bot_token=BOT_TOKEN, role=name)


@pytest.mark.parametrize(
    ("change", "body", "fault"),
    [
        ("kick", {}, F.OUT),
        ("forum", {"is_forum": False}, F.NO_TOPICS),
        ("role", {"role": "member"}, F.NOT_ADMINISTRATOR),
        ("role", {"role": "no-topics"}, F.NO_RIGHT),
        ("role", {"role": "restricted"}, F.MUTED),
    ],
)
async def test_a_group_that_breaks_is_noticed_and_one_that_heals_too(
    channels: ChannelsSetup, bot: Bot, change: str, body: dict[str, Any], fault: GroupFault
) -> None:
    group = await channels.new_group(bot)
    assert await keep_bot(channels, bot) == FINE
    await channels.post(f"/groups/{group}/{change}", bot_token=BOT_TOKEN, **body)
    assert await keep_bot(channels, bot) == BROKEN
    row = await channels.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ERROR, ADVICE[fault])
    assert row.failing_since == channels.clock()
    await channels.post(f"/groups/{group}/invite", bot_token=BOT_TOKEN)
    await channels.post(f"/groups/{group}/forum", is_forum=True)
    assert await keep_bot(channels, bot) == FINE
    row = await channels.fresh(bot)
    assert (row.status, row.status_reason, row.failing_since) == (BotStatus.ACTIVE, None, None)


async def test_several_faults_are_said_together(channels: ChannelsSetup, bot: Bot) -> None:
    group = await channels.new_group(bot, is_forum=False)
    await role(channels, group, "member")
    await keep_bot(channels, bot)
    reason = (await channels.fresh(bot)).status_reason
    assert reason == f"{ADVICE[F.NO_TOPICS]} {ADVICE[F.NOT_ADMINISTRATOR]}"


@pytest.mark.parametrize(("chat_id", "fault"), [(-1009999999999, F.NO_CHAT), (1000000003, F.NO_CHAT), (501, F.PRIVATE)])
async def test_an_id_that_is_no_group_of_the_bot(
    channels: ChannelsSetup, bot: Bot, chat_id: int, fault: GroupFault
) -> None:
    await channels.post("/private/501/messages", bot_token=BOT_TOKEN, text="/start")
    await channels.change(bot, group_chat_id=chat_id)
    assert await keep_bot(channels, bot) == BROKEN
    assert (await channels.fresh(bot)).status_reason == ADVICE[fault]


async def test_a_channel_is_no_group(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.new_group(bot, kind="channel")
    assert await keep_bot(channels, bot) == BROKEN
    assert (await channels.fresh(bot)).status_reason == ADVICE[F.CHANNEL]


async def test_a_group_that_moved_while_nobody_listened_is_followed(channels: ChannelsSetup, bot: Bot) -> None:
    group = await channels.new_group(bot)
    moved = (await channels.post(f"/groups/{group}/migrate"))["chat_id"]
    assert await keep_bot(channels, bot) == FINE
    assert (await channels.fresh(bot)).group_chat_id == moved


async def test_a_bot_that_is_off_is_left_alone(channels: ChannelsSetup, bot: Bot) -> None:
    group = await channels.new_group(bot)
    await channels.post(f"/groups/{group}/kick", bot_token=BOT_TOKEN)
    await channels.change(bot, status=BotStatus.INACTIVE)
    assert await keep_bot(channels, bot) == FINE
    row = await channels.fresh(bot)
    assert (row.status, row.status_reason, row.failing_since) == (BotStatus.INACTIVE, None, None)


async def test_a_revoked_token_comes_before_the_group(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.new_group(bot)
    await channels.change(bot, token_sealed=seal(channels.keyring, TOKEN, "777:revoked-token"))
    assert (await keep_bot(channels, bot)).trouble is Trouble.TOKEN
    assert (await channels.fresh(bot)).status_reason == TOKEN_REFUSED


async def test_telegram_out_of_reach_is_told_with_its_beginning_and_accuses_nobody(
    channels: ChannelsSetup, bot: Bot
) -> None:
    await channels.new_group(bot)
    began = channels.clock()
    await channels.fault("telegram", "server-error")
    assert (await keep_bot(channels, bot)).trouble is Trouble.TELEGRAM
    channels.clock.advance(timedelta(seconds=600))
    assert (await keep_bot(channels, bot)).trouble is Trouble.TELEGRAM
    row = await channels.fresh(bot)
    assert (row.status, row.failing_since) == (BotStatus.ACTIVE, began)
    channels.world.faults.clear()
    assert await keep_bot(channels, bot) == FINE
    assert (await channels.fresh(bot)).failing_since is None


async def test_the_id_that_was_meant_is_named_only_if_there_is_such_a_group(channels: ChannelsSetup, bot: Bot) -> None:
    group = await channels.new_group(bot, chat_id=-1001000000077)
    telegram = channels.telegram.bot(BOT_TOKEN)
    for typed in (1000000077, -1000000077, 1001000000077):
        reason = (await check_new_group(telegram, typed)).reason or ""
        assert str(group) in reason
    assert (await check_new_group(telegram, 1000000078)).reason == ADVICE[F.NO_CHAT]
    assert (await check_new_group(telegram, group)).reason is None
