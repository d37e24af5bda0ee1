"""A bot is looked after: webhook or polling, its status, and what people ask of it in person."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adoption import ConnectionAdoptionActivities
from activities.bot import HOOK_FAILS, HOOK_REFUSED, TOKEN_REFUSED, BotStanding
from activities.bot_errand import HELLO, MOST_LINKS, TOO_MANY_LINKS
from activities.waking import Side
from gateways.outcome import Unknown
from gateways.telegram import TelegramApi
from models import Account, Bot, Dialog, LoginLink, Message
from models.account import AccountStatus
from models.bot import TOKEN, BotStatus
from models.columns import seal, unseal
from models.link import LINK_TTL
from models.manager import Role
from models.message import BODY
from tests.activities.front import BOT_TOKEN, MASTER_TOKEN, WEB_URL, Front
from tests.activities.rows import dump
from tests.gateways.wire import Wire, serving


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


async def poll(front: Front, bot: Bot) -> None:
    await ActivityEnvironment().run(front.bot_activities.poll, bot.id)


def webhook(front: Front, token: str = BOT_TOKEN) -> str:
    address = front.world.telegram.bots[token].webhook
    return address.url if address else ""


def private(front: Front, user_id: int = 501) -> list[str]:
    """What bots wrote to a person."""
    chats = front.world.view()["privates"]
    found = [chat for chat in chats if chat["user_id"] == user_id]
    return [message["text"] for chat in found for message in chat["messages"] if message["by_bot"]]


async def topic_of(front: Front, bot: Bot, account: Account) -> tuple[int, int, Dialog]:
    group = await front.new_group(bot)
    thread = (await front.post(f"/groups/{group}/topics", name="Велосипед"))["thread_id"]
    return group, thread, await front.new_dialog(account, telegram_chat_id=group, telegram_topic_id=thread)


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
    assert await keep(front, bot) == BotStanding(True, polled=False, trouble="token")
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
    assert await keep(front, bot) == BotStanding(True, polled=False, trouble="telegram")
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


async def test_polled_messages_arrive_in_order_and_once(front: Front, bot: Bot) -> None:
    group, thread, dialog = await topic_of(front, bot, await front.new_account(bot))
    front.base = ""
    for word in ("один", "два", "три"):
        await front.post(f"/groups/{group}/topics/{thread}/messages", text=word)
    await poll(front, bot)
    await poll(front, bot)
    messages = sorted(await front.rows(Message), key=lambda message: message.number)
    words = [unseal(front.keyring, BODY, message.body_sealed)["text"] for message in messages]
    assert words == ["один", "два", "три"]
    assert front.woken == [(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)] * 3
    assert front.world.journal.violations() == []


async def test_a_group_that_moves_in_the_middle_of_a_batch_loses_no_message(front: Front, bot: Bot) -> None:
    group, thread, _ = await topic_of(front, bot, await front.new_account(bot))
    front.base = ""
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="до")
    moved = (await front.post(f"/groups/{group}/migrate"))["chat_id"]
    await front.post(f"/groups/{moved}/topics/{thread}/messages", text="после")
    await poll(front, bot)
    messages = sorted(await front.rows(Message), key=lambda message: message.number)
    assert [unseal(front.keyring, BODY, one.body_sealed)["text"] for one in messages] == ["до", "после"]


async def test_a_message_of_which_nobody_could_be_told_is_kept_for_the_sweep(front: Front, bot: Bot) -> None:
    account = await front.new_account(bot)
    group, thread, dialog = await topic_of(front, bot, account)
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    front.refusing = [RuntimeError("Temporal is away")]
    await poll(front, bot)
    assert front.woken == []
    assert (await front.account_activities.sweep(account.id)).found == 0
    front.clock.advance(timedelta(seconds=11))
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert front.woken == [(account.id, dialog.avito_dialog_id, Side.STAFF)]


async def test_what_something_else_keeps_waiting_is_woken_now_and_then(front: Front, bot: Bot) -> None:
    account = await front.new_account(bot)
    group, thread, _ = await topic_of(front, bot, account)
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    await poll(front, bot)
    front.clock.advance(timedelta(hours=1))
    activities = front.account_activities
    found = []
    for _ in range(21):
        found.append((await activities.sweep(account.id)).found)
        front.clock.advance(timedelta(seconds=30))
    assert found == [1, *[0] * 19, 1]


async def test_staff_is_woken_also_while_the_key_is_refused(front: Front, bot: Bot) -> None:
    account = await front.new_account(bot, status=AccountStatus.BLOCKED)
    group, thread, _ = await topic_of(front, bot, account)
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    front.refusing = [RuntimeError("Temporal is away")]
    await poll(front, bot)
    front.clock.advance(timedelta(seconds=11))
    swept = await front.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (1, "key")


async def test_polling_survives_telegrams_bad_minutes(front: Front, bot: Bot) -> None:
    group, thread, _ = await topic_of(front, bot, await front.new_account(bot))
    await front.fault("telegram", "too-many", times=1, seconds=0)
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    await poll(front, bot)
    assert len(await front.rows(Message)) == 1


async def test_polling_ends_where_there_is_nothing_to_poll(front: Front, bot: Bot) -> None:
    await front.change(bot, status=BotStatus.INACTIVE)
    await poll(front, bot)
    assert front.calls("telegram", "getUpdates") == 0


async def start(front: Front, token: str, words: str = "/start", user_id: int = 501) -> None:
    await front.post(f"/private/{user_id}/messages", bot_token=token, text=words)
    await front.world.hooks.settled()


async def errands(front: Front, bot: Bot) -> list[int]:
    return [await front.bot_activities.errands(bot.id) for _ in range(2)]


async def test_the_master_bot_gives_a_way_in_that_is_kept_nowhere(front: Front, master: Bot) -> None:
    await keep(front, master)
    await start(front, MASTER_TOKEN)
    assert front.woken_bots == [master.id]
    assert await errands(front, master) == [1, 0]
    [message] = private(front)
    found = re.search(rf"{re.escape(WEB_URL)}/enter#([\w-]+)", message)
    assert found is not None
    [link] = await front.rows(LoginLink)
    assert link.token_hash == hashlib.sha256(found[1].encode()).digest()
    assert (link.telegram_user_id, link.role, link.used_at) == (501, Role.OWNER, None)
    assert link.expires_at == front.clock() + LINK_TTL
    assert found[1] not in repr(await dump(front.sessions))
    assert len(found[1]) == 43


async def test_a_way_in_whose_sending_is_in_doubt_is_sent_again_and_is_the_same(front: Front, master: Bot) -> None:
    await keep(front, master)
    await start(front, MASTER_TOKEN)
    await front.fault("telegram", "dropped", path="sendMessage", times=1)
    with pytest.raises(Unknown):
        await front.bot_activities.errands(master.id)
    front.clock.advance(timedelta(minutes=10))
    assert await errands(front, master) == [1, 0]
    first, second = private(front)
    assert first == second
    [link] = await front.rows(LoginLink)
    assert link.expires_at == front.clock() + LINK_TTL


async def test_two_starts_give_two_links_and_a_flood_gives_no_more(front: Front, master: Bot) -> None:
    await keep(front, master)
    for _ in range(MOST_LINKS + 2):
        await start(front, MASTER_TOKEN)
    await errands(front, master)
    assert len(await front.rows(LoginLink)) == MOST_LINKS
    messages = private(front)
    assert len(set(messages[:MOST_LINKS])) == MOST_LINKS
    assert messages[MOST_LINKS:] == [TOO_MANY_LINKS] * 2
    await start(front, MASTER_TOKEN, user_id=502)
    await errands(front, master)
    assert len(await front.rows(LoginLink)) == MOST_LINKS + 1


async def test_an_errand_waits_while_telegram_says_to_wait(front: Front, master: Bot) -> None:
    await keep(front, master)
    await start(front, MASTER_TOKEN)
    await front.fault("telegram", "too-many", path="sendMessage", times=1, seconds=40)
    with pytest.raises(ApplicationError) as told:
        await front.bot_activities.errands(master.id)
    assert told.value.next_retry_delay == timedelta(seconds=40)
    assert await errands(front, master) == [1, 0]
    assert len(private(front)) == 1


async def test_a_group_that_threw_the_bot_out_does_not_hold_up_the_others(front: Front, bot: Bot) -> None:
    group = (await front.post("/groups", title="Продажи", bot_token=BOT_TOKEN))["chat_id"]
    await keep(front, bot)
    await front.post(f"/groups/{group}/topics/0/messages", text="/getid")
    await front.world.hooks.settled()
    await front.post(f"/groups/{group}/kick", bot_token=BOT_TOKEN)
    await start(front, BOT_TOKEN)
    assert await errands(front, bot) == [2, 0]
    [shown] = front.world.view()["groups"]
    assert [one["text"] for one in shown["general"] if one["by_bot"]] == []
    assert private(front) == [HELLO]


async def test_another_bot_greets_whoever_starts_it(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    await start(front, BOT_TOKEN)
    await errands(front, bot)
    assert private(front) == [HELLO]
    assert await front.rows(LoginLink) == []


async def test_getid_is_answered_with_the_numbers(front: Front, bot: Bot) -> None:
    group = await front.new_group(bot)
    await keep(front, bot)
    thread = (await front.post(f"/groups/{group}/topics", name="Курилка"))["thread_id"]
    for where in (0, thread):
        await front.post(f"/groups/{group}/topics/{where}/messages", text="/getid")
    await front.world.hooks.settled()
    assert await errands(front, bot) == [2, 0]
    [shown] = front.world.view()["groups"]
    [topic] = shown["topics"]
    said = [[one["text"] for one in place if one["by_bot"]] for place in (shown["general"], topic["messages"])]
    assert said == [[f"Номер группы: {group}"], [f"Номер группы: {group}\nНомер темы: {thread}"]]


async def test_a_group_that_the_bot_was_added_to_is_told_its_number(front: Front, bot: Bot) -> None:
    group = (await front.post("/groups", title="Продажи", bot_token=BOT_TOKEN))["chat_id"]
    await keep(front, bot)
    await front.post(f"/groups/{group}/kick", bot_token=BOT_TOKEN)
    await front.post(f"/groups/{group}/invite", bot_token=BOT_TOKEN)
    await front.world.hooks.settled()
    await errands(front, bot)
    [shown] = front.world.view()["groups"]
    said = [one["text"] for one in shown["general"] if one["by_bot"]]
    assert said
    assert all(str(group) in words for words in said)
    assert (await front.fresh(bot)).group_chat_id is None


async def test_a_deleted_bot_runs_no_errands(front: Front, bot: Bot) -> None:
    await keep(front, bot)
    await start(front, BOT_TOKEN)
    await front.change(bot, deleted_at=front.clock())
    assert await errands(front, bot) == [0, 0]
    assert private(front) == []


async def test_bots_and_accounts_that_live_are_begun(front: Front, bot: Bot, master: Bot) -> None:
    account = await front.new_account(bot)
    gone = await front.new_account(bot, deleted_at=front.clock())
    begun: list[UUID] = []

    async def begin(one: UUID) -> None:
        begun.append(one)

    adoption = ConnectionAdoptionActivities(front.sessions, begin, begin)
    assert await adoption.begin_accounts_and_bots() == 3
    assert sorted(begun) == sorted([bot.id, master.id, account.id])
    assert gone.id not in begun
