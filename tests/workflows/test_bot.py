"""A bot: its webhook is kept or it is polled, its errands are run, and one poll at a time listens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.kernel.trouble import Trouble
from tests.workflows.bot import Robot
from tests.workflows.server import Running
from workflows.channels.bot import KEEP_POLLED_EVERY, KEEP_WEBHOOK_EVERY, PAUSE, ROUNDS


@pytest.fixture
async def robot(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[Robot]:
    one = Robot(server, request.node.nodeid)
    yield one
    await one.stops()


async def test_a_bot_with_a_webhook_is_looked_at_every_five_minutes_and_not_polled(robot: Robot) -> None:
    await robot.begins()
    await robot.rests()
    await robot.waits(timedelta(minutes=16))
    await robot.rests()
    assert robot.bot.names() == ["keep", "errands"] * 4
    kept = robot.bot.at("keep")
    assert all(later - sooner >= KEEP_WEBHOOK_EVERY for sooner, later in pairwise(kept))
    assert await robot.attributes() == {"PrivetStatus": "active"}


async def test_a_bot_in_trouble_is_looked_at_every_minute_and_it_shows(robot: Robot) -> None:
    robot.bot.trouble = Trouble.WEBHOOK
    await robot.begins()
    await robot.rests()
    assert (await robot.attributes())["PrivetStatus"] == "stuck"
    assert "Мешает: вебхук не принят" in await robot.details()
    await robot.waits(timedelta(minutes=3, seconds=5))
    await robot.rests()
    assert robot.bot.names() == ["keep", "errands"] * 4


@pytest.mark.parametrize("trouble", [Trouble.TOKEN, Trouble.TELEGRAM])
async def test_a_bot_that_cannot_speak_is_sent_on_no_errand(robot: Robot, trouble: Trouble) -> None:
    robot.bot.trouble = trouble
    await robot.begins()
    await robot.rests()
    robot.bot.trouble = None
    await robot.waits(KEEP_POLLED_EVERY + timedelta(seconds=2))
    await robot.rests()
    assert robot.bot.names() == ["keep", "keep", "errands"]


async def test_a_bot_that_is_woken_runs_its_errands_at_once(robot: Robot) -> None:
    await robot.begins()
    await robot.rests()
    await robot.is_woken()
    await robot.bot.tried("errands", 2)


async def test_errands_that_come_while_others_are_run_are_one_more_round(robot: Robot) -> None:
    done = robot.bot.holds("errands")
    await robot.begins()
    await robot.bot.tried("errands")
    for _ in range(5):
        await robot.is_woken()
    done.set()
    await robot.bot.tried("errands", 2)
    await robot.rests()
    assert robot.bot.count("errands") == 2


async def test_a_bot_without_a_webhook_is_listened_to_again_and_again_but_not_in_a_circle(robot: Robot) -> None:
    robot.bot.polled = True
    await robot.begins()
    for times in (1, 2):
        await robot.bot.tried("poll", times)
        await robot.bot.tried("errands")
        robot.bot.polls.set()
        await robot.bot.until(lambda: robot.bot.listening == 0)
        await robot.waits(PAUSE - timedelta(seconds=3))
    await robot.bot.tried("poll", 3)
    first, second, third = robot.bot.at("poll")
    assert second - first >= PAUSE
    assert third - second >= PAUSE
    assert robot.bot.most_listening == 1


async def test_a_bot_is_looked_after_while_somebody_listens(robot: Robot) -> None:
    robot.bot.polled = True
    await robot.begins()
    await robot.bot.tried("poll")
    await robot.is_woken()
    await robot.bot.tried("errands", 2)
    assert robot.bot.listening == robot.bot.count("poll") == 1


async def test_a_bot_that_gets_a_webhook_is_not_listened_to_any_longer(robot: Robot) -> None:
    robot.bot.polled = True
    await robot.begins()
    await robot.bot.tried("poll")
    robot.bot.polled = False
    await robot.is_woken()
    await robot.bot.until(lambda: robot.bot.interrupted == 1)
    await robot.waits(timedelta(hours=1))
    assert robot.bot.count("poll") == 1


@pytest.mark.parametrize("polled", [True, False])
async def test_a_deleted_bot_ends_its_workflow_and_nobody_listens(robot: Robot, polled: bool) -> None:
    robot.bot.polled = polled
    await robot.begins()
    await robot.bot.tried("poll" if polled else "errands")
    robot.bot.exists = False
    await robot.is_woken()
    assert await robot.ends() == "gone"
    assert robot.bot.listening == 0
    assert robot.bot.interrupted == (1 if polled else 0)


async def test_its_history_stays_short(robot: Robot) -> None:
    await robot.begins()
    await robot.rests()
    await robot.waits(KEEP_WEBHOOK_EVERY * (ROUNDS + 10))
    await robot.rests()
    assert await robot.runs() == 2


async def test_a_new_run_lets_nobody_listen_twice(short_runs: Running, request: pytest.FixtureRequest) -> None:
    robot = Robot(short_runs, request.node.nodeid)
    robot.bot.polled = True
    await robot.begins()
    for errand in range(1, 8):
        await robot.bot.tried("errands", errand)
        await robot.is_woken()
    await robot.bot.tried("poll", 2)
    assert await robot.runs() > 1
    assert robot.bot.interrupted >= 1
    assert robot.bot.most_listening == 1
    await robot.stops()
