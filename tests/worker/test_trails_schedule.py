"""The daily check begins at every start of a worker, and remembers apart from the database that heads were keyed."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

import wiring
from activities.operations.trails import Walked
from embedded.stack import Stack
from tests.api.own_api import settings_of
from tests.temporal import namespace_of_tests
from worker.queues import sandbox
from worker.schedules import Job, keep_schedules
from workflows.operations.trails import TrailsWorkflow

NAMESPACE = "trails"
QUEUE = "trails"
PATIENCE = 60.0


@dataclass
class FakeTrails:
    """What a walk finds, in the order of the walks."""

    found: list[Walked]
    asked: list[bool] = field(default_factory=list)
    keyed: int = 0

    @activity.defn
    async def verify_trails(self, all_keyed: bool) -> Walked:
        self.asked.append(all_keyed)
        return self.found.pop(0)

    @activity.defn
    async def key_trails(self) -> int:
        self.keyed += 1
        return 1


@pytest.fixture
async def temporal(stack: Stack) -> Client:
    settings = settings_of(stack, TEMPORAL_NAMESPACE=NAMESPACE)
    await namespace_of_tests(settings.temporal_address, NAMESPACE)
    return await wiring.temporal(settings, wiring.keyring(settings), lazy=False)


async def test_every_start_checks_and_the_last_result_is_remembered(temporal: Client) -> None:
    """Heads are keyed until a check finds none without a MAC; from then on the check demands it."""
    trails = FakeTrails([Walked(unkeyed=2), Walked(unkeyed=0, all_keyed=True), Walked(unkeyed=1, all_keyed=True)])
    job = Job("verify-trails", TrailsWorkflow.run, timedelta(days=1), QUEUE, at_start=True)
    async with Worker(
        temporal,
        task_queue=QUEUE,
        workflows=[TrailsWorkflow],
        activities=[trails.verify_trails, trails.key_trails],
        workflow_runner=sandbox(),
    ):
        for walks in (1, 2, 3):
            await keep_schedules(temporal, [job])
            await closed(temporal, walks)
    await temporal.get_schedule_handle("verify-trails").delete()

    assert trails.asked == [False, False, True]
    assert trails.keyed == 1


async def closed(temporal: Client, walks: int) -> None:
    """Wait until so many walks are over, and the Schedule knows it."""
    handle = temporal.get_schedule_handle("verify-trails")
    async with asyncio.timeout(PATIENCE):
        while True:
            told = await handle.describe()
            if told.info.num_actions == walks and not told.info.running_actions:
                return
            await asyncio.sleep(0.05)
