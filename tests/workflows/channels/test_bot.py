"""A bot: its webhook is kept or it is polled, its errands are run, and one poll at a time listens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from temporalio.api.enums.v1 import EventType

from domain.kernel.trouble import Trouble
from tests.workflows.bot_driver import BotDriver
from tests.workflows.server import Running
from workflows.channels.bot import KEEP_POLLED_EVERY, KEEP_WEBHOOK_EVERY, PAUSE, ROUNDS
from workflows.kernel.names import CONVERSATIONS_QUEUE, POLLING_QUEUE


@pytest.fixture
async def bot(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[BotDriver]:
    one = BotDriver(server, request.node.nodeid)
    yield one
    await one.stops()


async def test_a_bot_with_a_webhook_is_looked_at_every_five_minutes_and_not_polled(bot: BotDriver) -> None:
    await bot.begins()
    await bot.rests()
    await bot.waits(timedelta(minutes=16))
    await bot.rests()
    assert bot.bot.names() == ["keep", "errands"] * 4
    kept = bot.bot.at("keep")
    assert all(later - sooner >= KEEP_WEBHOOK_EVERY for sooner, later in pairwise(kept))
    assert await bot.attributes() == {"PrivetStatus": "active"}


async def test_a_bot_in_trouble_is_looked_at_every_minute_and_it_shows(bot: BotDriver) -> None:
    bot.bot.trouble = Trouble.WEBHOOK
    await bot.begins()
    await bot.rests()
    assert (await bot.attributes())["PrivetStatus"] == "stuck"
    assert "Мешает: вебхук не принят" in await bot.details()
    await bot.waits(timedelta(minutes=3, seconds=5))
    await bot.rests()
    assert bot.bot.names() == ["keep", "errands"] * 4


@pytest.mark.parametrize("trouble", [Trouble.TOKEN, Trouble.TELEGRAM])
async def test_a_bot_that_cannot_speak_is_sent_on_no_errand(bot: BotDriver, trouble: Trouble) -> None:
    bot.bot.trouble = trouble
    await bot.begins()
    await bot.rests()
    bot.bot.trouble = None
    await bot.waits(KEEP_POLLED_EVERY + timedelta(seconds=2))
    await bot.rests()
    assert bot.bot.names() == ["keep", "keep", "errands"]


async def test_a_bot_that_is_woken_runs_its_errands_at_once(bot: BotDriver) -> None:
    await bot.begins()
    await bot.rests()
    before = await bot.now()
    await bot.is_woken()
    await bot.bot.tried("errands", 2)
    assert bot.bot.at("errands")[-1] - before < timedelta(minutes=1)


async def test_errands_that_come_while_others_are_run_are_one_more_round(bot: BotDriver) -> None:
    done = bot.bot.holds("errands")
    await bot.begins()
    await bot.bot.tried("errands")
    for _ in range(5):
        await bot.is_woken()
    done.set()
    await bot.bot.tried("errands", 2)
    await bot.rests()
    assert bot.bot.count("errands") == 2


async def test_a_bot_without_a_webhook_is_listened_to_again_and_again_but_not_in_a_circle(bot: BotDriver) -> None:
    bot.bot.polled = True
    await bot.begins()
    for times in (1, 2):
        await bot.bot.tried("poll", times)
        await bot.bot.tried("errands")
        bot.bot.polls.set()
        await bot.bot.until(lambda: bot.bot.listening == 0)
        await bot.waits(PAUSE - timedelta(seconds=3))
    await bot.bot.tried("poll", 3)
    first, second, third = bot.bot.at("poll")
    assert second - first >= PAUSE
    assert third - second >= PAUSE
    assert bot.bot.most_listening == 1


async def test_polls_hold_no_slot_of_the_conversations(bot: BotDriver) -> None:
    bot.bot.polled = True
    await bot.begins()
    await bot.bot.tried("poll")
    scheduled = [
        event.activity_task_scheduled_event_attributes
        for event in (await bot.history()).events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    ]
    queues = {one.activity_type.name: one.task_queue.name for one in scheduled}
    assert queues.pop("poll_bot") == POLLING_QUEUE
    assert set(queues.values()) == {CONVERSATIONS_QUEUE}


async def test_a_bot_is_looked_after_while_somebody_listens(bot: BotDriver) -> None:
    bot.bot.polled = True
    await bot.begins()
    await bot.bot.tried("poll")
    await bot.is_woken()
    await bot.bot.tried("errands", 2)
    assert bot.bot.listening == bot.bot.count("poll") == 1


async def test_a_bot_that_gets_a_webhook_is_not_listened_to_any_longer(bot: BotDriver) -> None:
    bot.bot.polled = True
    await bot.begins()
    await bot.bot.tried("poll")
    bot.bot.polled = False
    await bot.is_woken()
    await bot.bot.until(lambda: bot.bot.interrupted == 1)
    await bot.waits(timedelta(hours=1))
    assert bot.bot.count("poll") == 1


@pytest.mark.parametrize("polled", [True, False])
async def test_a_deleted_bot_ends_its_workflow_and_nobody_listens(bot: BotDriver, polled: bool) -> None:
    bot.bot.polled = polled
    await bot.begins()
    await bot.bot.tried("poll" if polled else "errands")
    bot.bot.exists = False
    await bot.is_woken()
    assert await bot.ends() == "gone"
    assert bot.bot.listening == 0
    assert bot.bot.interrupted == (1 if polled else 0)


async def test_its_history_stays_short(bot: BotDriver) -> None:
    await bot.begins()
    await bot.rests()
    await bot.waits(KEEP_WEBHOOK_EVERY * (ROUNDS + 10))
    await bot.rests()
    assert await bot.runs() == 2


async def test_a_new_run_lets_nobody_listen_twice(short_runs: Running, request: pytest.FixtureRequest) -> None:
    bot = BotDriver(short_runs, request.node.nodeid)
    bot.bot.polled = True
    await bot.begins()
    for errand in range(1, 8):
        await bot.bot.tried("errands", errand)
        await bot.is_woken()
    await bot.bot.tried("poll", 2)
    assert await bot.runs() > 1
    assert bot.bot.interrupted >= 1
    assert bot.bot.most_listening == 1
    await bot.stops()
