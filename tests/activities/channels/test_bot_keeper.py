"""A bot that is looked after has its webhook and a status that says what hinders it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from activities.channels.bot_keeper import HOOK_FAILS, HOOK_REFUSED, BotStanding
from activities.conversations.telegram_side.group_check import TOKEN_REFUSED
from domain.kernel.trouble import Trouble
from gateways.telegram.client import TelegramApi
from models import Bot
from models.channels.bot import TOKEN, BotStatus
from models.kernel.columns import seal
from tests.activities.channels_setup import BOT_TOKEN, ChannelsSetup, keep_bot
from tests.fake_http_server import FakeHttpServer, serving


def webhook(channels: ChannelsSetup, token: str = BOT_TOKEN) -> str:
    address = channels.world.telegram.bots[token].webhook
    return address.url if address else ""


async def test_a_bot_gets_its_webhook_once(channels: ChannelsSetup, bot: Bot) -> None:
    assert await keep_bot(channels, bot) == BotStanding(True, polled=False)
    assert webhook(channels).startswith(f"{channels.base}/api/webhooks/telegram/{bot.id}/")
    assert channels.calls("telegram", "setWebhook") == 1
    row = await channels.fresh(bot)
    assert (row.webhook_set_at, row.webhook_last_error) == (channels.clock(), None)
    assert webhook(channels).rsplit("/", 1)[1] not in repr(row)


async def test_a_bot_that_is_only_a_token_learns_its_name(channels: ChannelsSetup, bot: Bot) -> None:
    name = bot.username
    await channels.change(bot, username="", telegram_id=1)
    await keep_bot(channels, bot)
    row = await channels.fresh(bot)
    assert (row.username, row.telegram_id) == (name, 777)
    assert channels.calls("telegram", "getMe") == 1


async def test_a_webhook_that_somebody_took_is_taken_back(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    ours = webhook(channels)
    await channels.telegram.bot(BOT_TOKEN).set_webhook("https://other.example/hook", "s")
    await keep_bot(channels, bot)
    assert webhook(channels) == ours


async def test_without_a_base_address_the_bot_is_polled(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    channels.base = ""
    assert await keep_bot(channels, bot) == BotStanding(True, polled=True)
    assert webhook(channels) == ""


async def test_a_bot_that_was_switched_off_hears_nothing(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    await channels.change(bot, status=BotStatus.INACTIVE)
    assert await keep_bot(channels, bot) == BotStanding(True, polled=False)
    assert webhook(channels) == ""
    assert (await channels.fresh(bot)).status is BotStatus.INACTIVE


async def test_a_deleted_bot_leaves_telegram_alone(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    await channels.change(bot, deleted_at=channels.clock())
    assert await keep_bot(channels, bot) == BotStanding(False, polled=False)
    assert webhook(channels) == ""


async def test_a_deleted_bot_whose_token_serves_another_row_takes_nothing_away(
    channels: ChannelsSetup, bot: Bot
) -> None:
    await keep_bot(channels, bot)
    await channels.change(bot, deleted_at=channels.clock())
    await channels.telegram.bot(BOT_TOKEN).set_webhook("https://other.example/hook", "s")
    await keep_bot(channels, bot)
    assert webhook(channels) == "https://other.example/hook"


async def test_a_revoked_token_is_named_and_a_new_one_heals(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.change(bot, token_sealed=seal(channels.keyring, TOKEN, "777:revoked-token"))
    assert await keep_bot(channels, bot) == BotStanding(True, polled=False, trouble=Trouble.TOKEN)
    row = await channels.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ERROR, TOKEN_REFUSED)
    await channels.change(bot, token_sealed=seal(channels.keyring, TOKEN, BOT_TOKEN))
    assert (await keep_bot(channels, bot)).trouble is None
    assert (await channels.fresh(bot)).status is BotStatus.ACTIVE


async def test_looking_after_a_bot_does_not_hide_what_its_group_said(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.change(bot, status=BotStatus.ERROR, status_reason="Бота нет в группе.")
    await keep_bot(channels, bot)
    assert (await channels.fresh(bot)).status_reason == "Бота нет в группе."


async def test_telegram_out_of_reach_is_trouble_and_no_ones_fault(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.fault("telegram", "html")
    assert await keep_bot(channels, bot) == BotStanding(True, polled=False, trouble=Trouble.TELEGRAM)
    assert (await channels.fresh(bot)).status is BotStatus.ACTIVE


async def test_deliveries_that_fail_are_shown_until_they_pass(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    info = {"url": webhook(channels), "has_custom_certificate": False, "pending_update_count": 3}
    failed = {
        "last_error_date": int(channels.clock().timestamp()),
        "last_error_message": "Wrong response from the webhook: 500 Internal Server Error",
    }
    async with telegram_that_says(channels, {**info, **failed}, info):
        assert (await channels.bot_activities.keep(bot.id)).trouble == "webhook"
        error = (await channels.fresh(bot)).webhook_last_error
        assert error == f"{HOOK_FAILS}: {failed['last_error_message']}"
        assert (await channels.bot_activities.keep(bot.id)).trouble is None
    assert (await channels.fresh(bot)).webhook_last_error is None


async def test_an_address_that_telegram_does_not_take_is_said_so(channels: ChannelsSetup, bot: Bot) -> None:
    nowhere = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    async with telegram_that_says(channels, nowhere) as server:
        refusal = {"ok": False, "error_code": 400, "description": "Bad Request: bad webhook: An HTTPS URL is needed"}
        server.say_json(refusal, 400)
        assert (await channels.bot_activities.keep(bot.id)).trouble == "webhook"
    row = await channels.fresh(bot)
    assert (row.status, row.webhook_last_error) == (BotStatus.ACTIVE, HOOK_REFUSED)


@asynccontextmanager
async def telegram_that_says(channels: ChannelsSetup, *results: dict[str, Any]) -> AsyncIterator[FakeHttpServer]:
    sandbox = channels.telegram
    async with serving() as server:
        for result in results:
            server.say_json({"ok": True, "result": result})
        channels.telegram = TelegramApi(server.base)
        yield server
        await channels.telegram.close()
    channels.telegram = sandbox
