"""An Avito account: kept and swept for as long as it exists, looked at again when something changed or goes wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.channels.avito_keeper import Swept
from domain.kernel.clock import utc_now
from domain.kernel.trouble import Trouble
from tests.workflows.conversation import RPC
from tests.workflows.server import Running
from tests.workflows.shop import Shop
from workflows.channels.account import KEEP_EVERY, ROUNDS
from workflows.channels.starting import begin_account

SWEEP = timedelta(seconds=30)


@pytest.fixture
async def shop(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    one = Shop(server, request.node.nodeid)
    yield one
    await one.stops()


async def test_an_account_is_kept_first_and_then_swept_every_half_minute(shop: Shop) -> None:
    await shop.begins()
    await shop.waits(timedelta(minutes=3, seconds=5))
    await shop.rests()
    assert shop.account.names() == ["keep"] + ["sweep"] * 7
    sweeps = shop.account.at("sweep")
    gaps = [later - sooner for sooner, later in pairwise(sweeps)]
    assert all(SWEEP <= gap < SWEEP + timedelta(seconds=2) for gap in gaps)
    assert await shop.attributes() == {"PrivetAccountId": str(shop.id), "PrivetStatus": "active"}


async def test_key_and_webhook_are_looked_at_every_ten_minutes(shop: Shop) -> None:
    await shop.begins()
    await shop.waits(timedelta(minutes=31))
    await shop.rests()
    assert shop.account.count("keep") == 4
    kept = shop.account.at("keep")
    assert all(later - sooner >= KEEP_EVERY for sooner, later in pairwise(kept))


async def test_a_changed_setting_is_looked_at_at_once(shop: Shop) -> None:
    await shop.begins()
    await shop.is_changed()
    await shop.account.tried("keep", 2)
    await shop.rests()
    assert shop.account.names() == ["keep", "sweep", "keep", "sweep"]


async def test_while_sweeps_get_nowhere_the_key_is_looked_at_each_time_and_it_shows(shop: Shop) -> None:
    shop.account.swept.extend([Swept(0, Trouble.AVITO, None)] * 2)
    await shop.begins()
    assert (await shop.attributes())["PrivetStatus"] == "stuck"
    assert "Мешает: Avito не отвечает" in await shop.details()
    await shop.waits(timedelta(seconds=65))
    await shop.rests()
    assert shop.account.names() == ["keep", "sweep", "keep", "sweep", "keep", "sweep"]
    assert (await shop.attributes())["PrivetStatus"] == "active"


async def test_avito_is_left_alone_for_as_long_as_it_wants(shop: Shop) -> None:
    asked_at = utc_now()  # a workflow that has not begun has no clock of its own
    shop.account.swept.append(Swept(0, Trouble.AVITO, asked_at + timedelta(minutes=3)))
    await shop.begins()
    await shop.waits(timedelta(minutes=2))
    assert shop.account.count("sweep") == 1
    await shop.waits(timedelta(minutes=1, seconds=10))
    await shop.account.tried("sweep", 2)


async def test_an_account_that_nobody_watches_is_swept_now_and_then_for_what_staff_wrote(shop: Shop) -> None:
    shop.account.monitoring = False
    await shop.begins()
    assert (await shop.attributes())["PrivetStatus"] == "off"
    await shop.waits(timedelta(minutes=5))
    swept = shop.account.count("sweep")
    assert 4 <= swept <= 6
    shop.account.monitoring = True
    await shop.is_changed()
    await shop.account.tried("sweep", swept + 1)
    await shop.rests()
    assert (await shop.attributes())["PrivetStatus"] == "active"


@pytest.mark.parametrize("monitoring", [True, False])
async def test_a_deleted_account_ends_its_workflow(shop: Shop, monitoring: bool) -> None:
    shop.account.monitoring = monitoring
    await shop.begins()
    shop.account.exists = False
    await shop.is_changed()
    assert await shop.ends() == "gone"


async def test_an_account_of_which_there_is_no_row_is_not_swept(shop: Shop) -> None:
    shop.account.exists = False
    await begin_account(shop.running.temporal, shop.id, RPC)
    assert await shop.ends() == "gone"
    assert shop.account.names() == ["keep"]


async def test_beginning_it_again_leaves_it_alone(shop: Shop) -> None:
    await shop.begins()
    run = (await shop.handle.describe()).run_id
    await begin_account(shop.running.temporal, shop.id, RPC)
    await shop.rests()
    assert (await shop.handle.describe()).run_id == run
    assert shop.account.names() == ["keep", "sweep"]


async def test_its_history_stays_short_and_what_is_known_goes_along(shop: Shop) -> None:
    await shop.begins()
    await shop.waits(SWEEP * (ROUNDS + 20))
    await shop.rests()
    assert await shop.runs() == 2
    assert shop.account.count("sweep") >= ROUNDS + 15
    assert shop.account.count("keep") <= 7
    assert (await shop.handle.describe()).status is WorkflowExecutionStatus.RUNNING
