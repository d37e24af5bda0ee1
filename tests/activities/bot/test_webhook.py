"""A bot that is looked after has its webhook and a status that says what hinders it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from activities.channels.bot_keeper import HOOK_FAILS, HOOK_REFUSED, TOKEN_REFUSED, BotStanding
from domain.kernel.trouble import Trouble
from gateways.telegram.client import TelegramApi
from models import Bot
from models.channels.bot import TOKEN, BotStatus
from models.kernel.columns import seal
from tests.activities.bot.conftest import keep
from tests.activities.front import BOT_TOKEN, Front
from tests.gateways.wire import Wire, serving


def webhook(front: Front, token: str = BOT_TOKEN) -> str:
    address = front.world.telegram.bots[token].webhook
    return address.url if address else ""


async def test_a_bot_gets_its_webhook_once(front: Front, bot: Bot) -> None:
    assert await keep(front, bot) == BotStanding(True, polled=False)
    assert webhook(front).startswith(f"{front.base}/api/webhooks/telegram/{bot.id}/")
    assert front.calls("telegram", "setWebhook") == 1
    row = await front.fresh(bot)
    assert (row.webhook_set_at, row.webhook_last_error) == (front.clock(), None)
    assert webhook(front).rsplit("/", 1)[1] not in repr(row)


async def test_a_bot_that_is_only_a_token_learns_its_name(front: Front, bot: Bot) -> None:
    name = bot.username
    await front.change(bot, username="", telegram_id=1)
    await keep(front, bot)
    row = await front.fresh(bot)
    assert (row.username, row.telegram_id) == (name, 777)
    assert front.calls("telegram", "getMe") == 1


async def test_a_webhook_that_somebody_took_is_taken_back(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    ours = webhook(front)
    await front.telegram.bot(BOT_TOKEN).set_webhook("https://other.example/hook", "s")
    await keep(front, bot)
    assert webhook(front) == ours


async def test_without_a_base_address_the_bot_is_polled(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    front.base = ""
    assert await keep(front, bot) == BotStanding(True, polled=True)
    assert webhook(front) == ""


async def test_a_bot_that_was_switched_off_hears_nothing(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    await front.change(bot, status=BotStatus.INACTIVE)
    assert await keep(front, bot) == BotStanding(True, polled=False)
    assert webhook(front) == ""
    assert (await front.fresh(bot)).status is BotStatus.INACTIVE


async def test_a_deleted_bot_leaves_telegram_alone(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    await front.change(bot, deleted_at=front.clock())
    assert await keep(front, bot) == BotStanding(False, polled=False)
    assert webhook(front) == ""


async def test_a_deleted_bot_whose_token_serves_another_row_takes_nothing_away(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    await front.change(bot, deleted_at=front.clock())
    await front.telegram.bot(BOT_TOKEN).set_webhook("https://other.example/hook", "s")
    await keep(front, bot)
    assert webhook(front) == "https://other.example/hook"


async def test_a_revoked_token_is_named_and_a_new_one_heals(front: Front, bot: Bot) -> None:
    await front.change(bot, token_sealed=seal(front.keyring, TOKEN, "777:revoked-token"))
    assert await keep(front, bot) == BotStanding(True, polled=False, trouble=Trouble.TOKEN)
    row = await front.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ERROR, TOKEN_REFUSED)
    await front.change(bot, token_sealed=seal(front.keyring, TOKEN, BOT_TOKEN))
    assert (await keep(front, bot)).trouble is None
    assert (await front.fresh(bot)).status is BotStatus.ACTIVE


async def test_looking_after_a_bot_does_not_hide_what_its_group_said(front: Front, bot: Bot) -> None:
    await front.change(bot, status=BotStatus.ERROR, status_reason="Бота нет в группе.")
    await keep(front, bot)
    assert (await front.fresh(bot)).status_reason == "Бота нет в группе."


async def test_telegram_out_of_reach_is_trouble_and_no_ones_fault(front: Front, bot: Bot) -> None:
    await front.fault("telegram", "html")
    assert await keep(front, bot) == BotStanding(True, polled=False, trouble=Trouble.TELEGRAM)
    assert (await front.fresh(bot)).status is BotStatus.ACTIVE


async def test_deliveries_that_fail_are_shown_until_they_pass(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    info = {"url": webhook(front), "has_custom_certificate": False, "pending_update_count": 3}
    failed = {
        "last_error_date": int(front.clock().timestamp()),
        "last_error_message": "Wrong response from the webhook: 500 Internal Server Error",
    }
    async with telegram_that_says(front, {**info, **failed}, info):
        assert (await front.bot_activities.keep(bot.id)).trouble == "webhook"
        error = (await front.fresh(bot)).webhook_last_error
        assert error == f"{HOOK_FAILS}: {failed['last_error_message']}"
        assert (await front.bot_activities.keep(bot.id)).trouble is None
    assert (await front.fresh(bot)).webhook_last_error is None


async def test_an_address_that_telegram_does_not_take_is_said_so(front: Front, bot: Bot) -> None:
    nowhere = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    async with telegram_that_says(front, nowhere) as wire:
        refusal = {"ok": False, "error_code": 400, "description": "Bad Request: bad webhook: An HTTPS URL is needed"}
        wire.say_json(refusal, 400)
        assert (await front.bot_activities.keep(bot.id)).trouble == "webhook"
    row = await front.fresh(bot)
    assert (row.status, row.webhook_last_error) == (BotStatus.ACTIVE, HOOK_REFUSED)


@asynccontextmanager
async def telegram_that_says(front: Front, *results: dict[str, Any]) -> AsyncIterator[Wire]:
    sandbox = front.telegram
    async with serving() as wire:
        for result in results:
            wire.say_json({"ok": True, "result": result})
        front.telegram = TelegramApi(wire.base)
        yield wire
        await front.telegram.close()
    front.telegram = sandbox
