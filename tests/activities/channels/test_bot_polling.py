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


async def poll(front: ChannelsSetup, bot: Bot) -> None:
    await ActivityEnvironment().run(front.bot_activities.poll, bot.id)


async def topic_of(front: ChannelsSetup, bot: Bot, account: Account) -> tuple[int, int, Dialog]:
    group = await front.new_group(bot)
    thread = (await front.post(f"/groups/{group}/topics", name="Велосипед"))["thread_id"]
    return group, thread, await front.new_dialog(account, telegram_chat_id=group, telegram_topic_id=thread)


async def test_polled_messages_arrive_in_order_and_once(front: ChannelsSetup, bot: Bot) -> None:
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


async def test_a_group_that_moves_in_the_middle_of_a_batch_loses_no_message(front: ChannelsSetup, bot: Bot) -> None:
    group, thread, _ = await topic_of(front, bot, await front.new_account(bot))
    front.base = ""
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="до")
    moved = (await front.post(f"/groups/{group}/migrate"))["chat_id"]
    await front.post(f"/groups/{moved}/topics/{thread}/messages", text="после")
    await poll(front, bot)
    messages = sorted(await front.rows(Message), key=lambda message: message.number)
    assert [unseal(front.keyring, BODY, one.body_sealed)["text"] for one in messages] == ["до", "после"]


async def test_a_message_of_which_nobody_could_be_told_is_kept_for_the_sweep(front: ChannelsSetup, bot: Bot) -> None:
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


async def test_what_something_else_keeps_waiting_is_woken_now_and_then(front: ChannelsSetup, bot: Bot) -> None:
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


async def test_staff_is_woken_also_while_the_key_is_refused(front: ChannelsSetup, bot: Bot) -> None:
    account = await front.new_account(bot, status=AccountStatus.BLOCKED)
    group, thread, _ = await topic_of(front, bot, account)
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    front.refusing = [RuntimeError("Temporal is away")]
    await poll(front, bot)
    front.clock.advance(timedelta(seconds=11))
    swept = await front.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (1, "key")


async def test_polling_survives_telegrams_bad_minutes(front: ChannelsSetup, bot: Bot) -> None:
    group, thread, _ = await topic_of(front, bot, await front.new_account(bot))
    await front.fault("telegram", "too-many", times=1, seconds=0)
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Эй")
    await poll(front, bot)
    assert len(await front.rows(Message)) == 1


async def test_polling_ends_where_there_is_nothing_to_poll(front: ChannelsSetup, bot: Bot) -> None:
    await front.change(bot, status=BotStatus.INACTIVE)
    await poll(front, bot)
    assert front.calls("telegram", "getUpdates") == 0
