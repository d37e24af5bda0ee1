"""A bot without a webhook is polled, and what it heard reaches the conversations in order and once."""

from datetime import timedelta

from temporalio.testing import ActivityEnvironment

from activities.conversations.core.wake import Side
from models import Account, Bot, Dialog, Message
from models.channels.account import AccountStatus
from models.channels.bot import BotStatus
from models.conversations.message import BODY
from models.kernel.columns import unseal
from tests.activities.channels_setup import ChannelsSetup


async def poll(channels: ChannelsSetup, bot: Bot) -> None:
    await ActivityEnvironment().run(channels.bot_activities.poll, bot.id)


async def topic_of(channels: ChannelsSetup, bot: Bot, account: Account) -> tuple[int, int, Dialog]:
    group = await channels.new_group(bot)
    thread = (await channels.post(f"/groups/{group}/topics", name="Велосипед"))["thread_id"]
    return group, thread, await channels.new_dialog(account, telegram_chat_id=group, telegram_topic_id=thread)


async def test_polled_messages_arrive_in_order_and_once(channels: ChannelsSetup, bot: Bot) -> None:
    group, thread, dialog = await topic_of(channels, bot, await channels.new_account(bot))
    channels.base = ""
    for word in ("один", "два", "три"):
        await channels.post(f"/groups/{group}/topics/{thread}/messages", text=word)
    await poll(channels, bot)
    await poll(channels, bot)
    messages = sorted(await channels.rows(Message), key=lambda message: message.number)
    words = [unseal(channels.keyring, BODY, message.body_sealed)["text"] for message in messages]
    assert words == ["один", "два", "три"]
    assert channels.woken == [(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)] * 3
    assert channels.world.journal.violations() == []


async def test_a_group_that_moves_in_the_middle_of_a_batch_loses_no_message(channels: ChannelsSetup, bot: Bot) -> None:
    group, thread, _ = await topic_of(channels, bot, await channels.new_account(bot))
    channels.base = ""
    await channels.post(f"/groups/{group}/topics/{thread}/messages", text="до")
    moved = (await channels.post(f"/groups/{group}/migrate"))["chat_id"]
    await channels.post(f"/groups/{moved}/topics/{thread}/messages", text="после")
    await poll(channels, bot)
    messages = sorted(await channels.rows(Message), key=lambda message: message.number)
    assert [unseal(channels.keyring, BODY, one.body_sealed)["text"] for one in messages] == ["до", "после"]


async def test_a_message_of_which_nobody_could_be_told_is_kept_for_the_sweep(channels: ChannelsSetup, bot: Bot) -> None:
    account = await channels.new_account(bot)
    group, thread, dialog = await topic_of(channels, bot, account)
    await channels.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    channels.refusing = [RuntimeError("Temporal is away")]
    await poll(channels, bot)
    assert channels.woken == []
    assert (await channels.account_activities.sweep(account.id)).found == 0
    channels.clock.advance(timedelta(seconds=11))
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert channels.woken == [(account.id, dialog.avito_dialog_id, Side.STAFF)]


async def test_what_something_else_keeps_waiting_is_woken_now_and_then(channels: ChannelsSetup, bot: Bot) -> None:
    account = await channels.new_account(bot)
    group, thread, _ = await topic_of(channels, bot, account)
    await channels.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    await poll(channels, bot)
    channels.clock.advance(timedelta(hours=1))
    activities = channels.account_activities
    found = []
    for _ in range(21):
        found.append((await activities.sweep(account.id)).found)
        channels.clock.advance(timedelta(seconds=30))
    assert found == [1, *[0] * 19, 1]


async def test_staff_is_woken_also_while_the_key_is_refused(channels: ChannelsSetup, bot: Bot) -> None:
    account = await channels.new_account(bot, status=AccountStatus.BLOCKED)
    group, thread, _ = await topic_of(channels, bot, account)
    await channels.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    channels.refusing = [RuntimeError("Temporal is away")]
    await poll(channels, bot)
    channels.clock.advance(timedelta(seconds=11))
    swept = await channels.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (1, "key")


async def test_polling_survives_telegrams_bad_minutes(channels: ChannelsSetup, bot: Bot) -> None:
    group, thread, _ = await topic_of(channels, bot, await channels.new_account(bot))
    await channels.fault("telegram", "too-many", times=1, seconds=0)
    await channels.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    await poll(channels, bot)
    assert len(await channels.rows(Message)) == 1


async def test_polling_ends_where_there_is_nothing_to_poll(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.change(bot, status=BotStatus.INACTIVE)
    await poll(channels, bot)
    assert channels.calls("telegram", "getUpdates") == 0
