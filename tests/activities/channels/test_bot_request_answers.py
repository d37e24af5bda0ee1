"""An errand is what people ask of a bot in person: a way in, a greeting, the numbers of a group."""

import hashlib
import re
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.channels.bot_request_answers import HELLO, MOST_LINKS, TOO_MANY_LINKS
from domain.conversations.limits import UNSENT, Unsent
from gateways.outcome import Unknown
from models import Bot, LoginLink
from models.people.manager import Role
from models.people.sign_in_link import LINK_TTL
from tests.activities.channels_setup import BOT_TOKEN, MASTER_TOKEN, WEB_URL, ChannelsSetup, keep_bot
from tests.database_content import dump


def private(channels: ChannelsSetup, user_id: int = 501) -> list[str]:
    """What bots wrote to a person."""
    chats = channels.world.view()["privates"]
    found = [chat for chat in chats if chat["user_id"] == user_id]
    return [message["text"] for chat in found for message in chat["messages"] if message["by_bot"]]


async def start(channels: ChannelsSetup, token: str, words: str = "/start", user_id: int = 501) -> None:
    await channels.post(f"/private/{user_id}/messages", bot_token=token, text=words)
    await channels.world.hooks.settled()


async def errands(channels: ChannelsSetup, bot: Bot) -> list[int]:
    return [await channels.bot_activities.answer_requests(bot.id) for _ in range(2)]


async def test_the_master_bot_gives_a_way_in_that_is_kept_nowhere(channels: ChannelsSetup, master: Bot) -> None:
    await keep_bot(channels, master)
    await start(channels, MASTER_TOKEN)
    assert channels.woken_bots == [master.id]
    assert await errands(channels, master) == [1, 0]
    [message] = private(channels)
    found = re.search(rf"{re.escape(WEB_URL)}/enter#([\w-]+)", message)
    assert found is not None
    [link] = await channels.rows(LoginLink)
    assert link.token_hash == hashlib.sha256(found[1].encode()).digest()
    assert (link.telegram_user_id, link.role, link.used_at) == (501, Role.OWNER, None)
    assert link.expires_at == channels.clock() + LINK_TTL
    assert found[1] not in repr(await dump(channels.sessions))
    assert len(found[1]) == 43


async def test_a_way_in_whose_sending_is_in_doubt_is_sent_again_and_is_the_same(
    channels: ChannelsSetup, master: Bot
) -> None:
    await keep_bot(channels, master)
    await start(channels, MASTER_TOKEN)
    await channels.fault("telegram", "dropped", path="sendMessage", times=1)
    with pytest.raises(Unknown):
        await channels.bot_activities.answer_requests(master.id)
    channels.clock.advance(timedelta(minutes=10))
    assert await errands(channels, master) == [1, 0]
    first, second = private(channels)
    assert first == second
    [link] = await channels.rows(LoginLink)
    assert link.expires_at == channels.clock() + LINK_TTL


async def test_two_starts_give_two_links_and_a_flood_gives_no_more(channels: ChannelsSetup, master: Bot) -> None:
    await keep_bot(channels, master)
    for _ in range(MOST_LINKS + 2):
        await start(channels, MASTER_TOKEN)
    await errands(channels, master)
    assert len(await channels.rows(LoginLink)) == MOST_LINKS
    messages = private(channels)
    assert len(set(messages[:MOST_LINKS])) == MOST_LINKS
    assert messages[MOST_LINKS:] == [TOO_MANY_LINKS] * 2
    await start(channels, MASTER_TOKEN, user_id=502)
    await errands(channels, master)
    assert len(await channels.rows(LoginLink)) == MOST_LINKS + 1


async def test_an_errand_waits_while_telegram_says_to_wait(channels: ChannelsSetup, master: Bot) -> None:
    await keep_bot(channels, master)
    await start(channels, MASTER_TOKEN)
    await channels.fault("telegram", "too-many", path="sendMessage", times=1, seconds=40)
    with pytest.raises(ApplicationError) as told:
        await channels.bot_activities.answer_requests(master.id)
    assert told.value.next_retry_delay == timedelta(seconds=40)
    assert await errands(channels, master) == [1, 0]
    assert len(private(channels)) == 1


async def test_a_group_that_threw_the_bot_out_does_not_hold_up_the_others(channels: ChannelsSetup, bot: Bot) -> None:
    group = (await channels.post("/groups", title="Продажи", bot_token=BOT_TOKEN))["chat_id"]
    await keep_bot(channels, bot)
    await channels.post(f"/groups/{group}/topics/0/messages", text="/getid")
    await channels.world.hooks.settled()
    await channels.post(f"/groups/{group}/kick", bot_token=BOT_TOKEN)
    await start(channels, BOT_TOKEN)
    assert await errands(channels, bot) == [2, 0]
    [shown] = channels.world.view()["groups"]
    assert [one["text"] for one in shown["general"] if one["by_bot"]] == []
    assert private(channels) == [HELLO]


async def test_another_bot_greets_whoever_starts_it(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    await start(channels, BOT_TOKEN)
    await errands(channels, bot)
    assert private(channels) == [HELLO]
    assert await channels.rows(LoginLink) == []


async def test_getid_is_answered_with_the_numbers(channels: ChannelsSetup, bot: Bot) -> None:
    group = await channels.new_group(bot)
    await keep_bot(channels, bot)
    thread = (await channels.post(f"/groups/{group}/topics", name="Курилка"))["thread_id"]
    for where in (0, thread):
        await channels.post(f"/groups/{group}/topics/{where}/messages", text="/getid")
    await channels.world.hooks.settled()
    assert await errands(channels, bot) == [2, 0]
    [shown] = channels.world.view()["groups"]
    [topic] = shown["topics"]
    said = [[one["text"] for one in place if one["by_bot"]] for place in (shown["general"], topic["messages"])]
    assert said == [[f"Номер группы: {group}"], [f"Номер группы: {group}\nНомер темы: {thread}"]]


async def test_a_group_that_the_bot_was_added_to_is_told_its_number(channels: ChannelsSetup, bot: Bot) -> None:
    group = (await channels.post("/groups", title="Продажи", bot_token=BOT_TOKEN))["chat_id"]
    await keep_bot(channels, bot)
    await channels.post(f"/groups/{group}/kick", bot_token=BOT_TOKEN)
    await channels.post(f"/groups/{group}/invite", bot_token=BOT_TOKEN)
    await channels.world.hooks.settled()
    await errands(channels, bot)
    [shown] = channels.world.view()["groups"]
    said = [one["text"] for one in shown["general"] if one["by_bot"]]
    assert said
    assert all(str(group) in words for words in said)
    assert (await channels.fresh(bot)).group_chat_id is None


async def test_a_deleted_bot_runs_no_errands(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    await start(channels, BOT_TOKEN)
    await channels.change(bot, deleted_at=channels.clock())
    assert await errands(channels, bot) == [0, 0]
    assert private(channels) == []


async def test_several_messages_that_go_nowhere_have_one_answer(channels: ChannelsSetup, bot: Bot) -> None:
    await keep_bot(channels, bot)
    for text in ("Да", "Приезжайте", "Ждём"):
        await start(channels, BOT_TOKEN, text)
    assert await errands(channels, bot) == [3, 0]
    assert private(channels) == [UNSENT[Unsent.PRIVATE]]
    await start(channels, BOT_TOKEN, "Алло")
    assert await errands(channels, bot) == [1, 0]
    assert len(private(channels)) == 2
