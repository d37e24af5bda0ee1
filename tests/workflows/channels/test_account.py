"""An Avito account: kept and swept for as long as it exists, looked at again when something changed or goes wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.channels.avito_keeper import Swept
from domain.kernel.clock import utc_now
from domain.kernel.trouble import Trouble
from tests.workflows.account_driver import AccountDriver
from tests.workflows.conversation_driver import RPC
from tests.workflows.server import Running
from workflows.channels.account import KEEP_EVERY, ROUNDS
from workflows.channels.starting import begin_account

SWEEP = timedelta(seconds=30)


@pytest.fixture
async def account(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[AccountDriver]:
    one = AccountDriver(server, request.node.nodeid)
    yield one
    await one.stops()


async def test_an_account_is_kept_first_and_then_swept_every_half_minute(account: AccountDriver) -> None:
    await account.begins()
    await account.waits(timedelta(minutes=3, seconds=5))
    await account.rests()
    assert account.account.names() == ["keep"] + ["sweep"] * 7
    sweeps = account.account.at("sweep")
    gaps = [later - sooner for sooner, later in pairwise(sweeps)]
    assert all(SWEEP <= gap < SWEEP + timedelta(seconds=2) for gap in gaps)
    assert await account.attributes() == {"PrivetAccountId": str(account.id), "PrivetStatus": "active"}


async def test_key_and_webhook_are_looked_at_every_ten_minutes(account: AccountDriver) -> None:
    await account.begins()
    await account.waits(timedelta(minutes=31))
    await account.rests()
    assert account.account.count("keep") == 4
    kept = account.account.at("keep")
    assert all(later - sooner >= KEEP_EVERY for sooner, later in pairwise(kept))


async def test_a_changed_setting_is_looked_at_at_once(account: AccountDriver) -> None:
    await account.begins()
    await account.is_changed()
    await account.account.tried("keep", 2)
    await account.rests()
    assert account.account.names() == ["keep", "sweep", "keep", "sweep"]


async def test_while_sweeps_get_nowhere_the_key_is_looked_at_each_time_and_it_shows(account: AccountDriver) -> None:
    account.account.swept.extend([Swept(0, Trouble.AVITO, None)] * 2)
    await account.begins()
    assert (await account.attributes())["PrivetStatus"] == "stuck"
    assert "Мешает: Avito не отвечает" in await account.details()
    await account.waits(timedelta(seconds=65))
    await account.rests()
    assert account.account.names() == ["keep", "sweep", "keep", "sweep", "keep", "sweep"]
    assert (await account.attributes())["PrivetStatus"] == "active"


async def test_a_sweep_that_was_put_off_comes_back_for_its_turn(account: AccountDriver) -> None:
    asked_at = utc_now()
    account.account.swept.append(Swept(0, Trouble.TURN, asked_at + timedelta(seconds=5)))
    await account.begins()
    await account.waits(timedelta(seconds=10))
    await account.rests()
    assert account.account.names() == ["keep", "sweep", "sweep"]


async def test_avito_is_left_alone_for_as_long_as_it_wants(account: AccountDriver) -> None:
    asked_at = utc_now()  # a workflow that has not begun has no clock of its own
    account.account.swept.append(Swept(0, Trouble.AVITO, asked_at + timedelta(minutes=3)))
    await account.begins()
    await account.waits(timedelta(minutes=2))
    assert account.account.count("sweep") == 1
    await account.waits(timedelta(minutes=1, seconds=10))
    await account.account.tried("sweep", 2)


async def test_an_account_that_nobody_watches_is_swept_now_and_then_for_what_staff_wrote(
    account: AccountDriver,
) -> None:
    account.account.monitoring = False
    await account.begins()
    assert (await account.attributes())["PrivetStatus"] == "off"
    await account.waits(timedelta(minutes=5))
    swept = account.account.count("sweep")
    assert 4 <= swept <= 6
    account.account.monitoring = True
    await account.is_changed()
    await account.account.tried("sweep", swept + 1)
    await account.rests()
    assert (await account.attributes())["PrivetStatus"] == "active"


@pytest.mark.parametrize("monitoring", [True, False])
async def test_a_deleted_account_ends_its_workflow(account: AccountDriver, monitoring: bool) -> None:
    account.account.monitoring = monitoring
    await account.begins()
    account.account.exists = False
    await account.is_changed()
    assert await account.ends() == "gone"


async def test_an_account_of_which_there_is_no_row_is_not_swept(account: AccountDriver) -> None:
    account.account.exists = False
    await begin_account(account.running.temporal, account.id, RPC)
    assert await account.ends() == "gone"
    assert account.account.names() == ["keep"]


async def test_beginning_it_again_leaves_it_alone(account: AccountDriver) -> None:
    await account.begins()
    run = (await account.handle.describe()).run_id
    await begin_account(account.running.temporal, account.id, RPC)
    await account.rests()
    assert (await account.handle.describe()).run_id == run
    assert account.account.names() == ["keep", "sweep"]


async def test_its_history_stays_short_and_what_is_known_goes_along(account: AccountDriver) -> None:
    await account.begins()
    await account.waits(SWEEP * (ROUNDS + 20))
    await account.rests()
    assert await account.runs() == 2
    assert account.account.count("sweep") >= ROUNDS + 15
    assert account.account.count("keep") <= 7
    assert (await account.handle.describe()).status is WorkflowExecutionStatus.RUNNING
