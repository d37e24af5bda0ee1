"""An errand is what people ask of a bot in person: a way in, a greeting, the numbers of a group."""

import hashlib
import re
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.channels.bot_request_answers import HELLO, MOST_LINKS, TOO_MANY_LINKS
from gateways.outcome import Unknown
from models import Bot, LoginLink
from models.people.manager import Role
from models.people.sign_in_link import LINK_TTL
from tests.activities.bot.conftest import keep
from tests.activities.front import BOT_TOKEN, MASTER_TOKEN, WEB_URL, Front
from tests.activities.rows import dump


def private(front: Front, user_id: int = 501) -> list[str]:
    """What bots wrote to a person."""
    chats = front.world.view()["privates"]
    found = [chat for chat in chats if chat["user_id"] == user_id]
    return [message["text"] for chat in found for message in chat["messages"] if message["by_bot"]]


async def start(front: Front, token: str, words: str = "/start", user_id: int = 501) -> None:
    await front.post(f"/private/{user_id}/messages", bot_token=token, text=words)
    await front.world.hooks.settled()


async def errands(front: Front, bot: Bot) -> list[int]:
    return [await front.bot_activities.answer_requests(bot.id) for _ in range(2)]


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
        await front.bot_activities.answer_requests(master.id)
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
        await front.bot_activities.answer_requests(master.id)
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
