"""Workflows that are under way survive the next release: every saved history replays with the code of today."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from domain.clients.status import ClientStatus
from domain.deliveries.delivery import DeliveryState
from domain.onboarding.process import WizardStep
from gateways.temporal.client import data_converter
from tests.workflows.record import HISTORIES, NAMES, play
from tests.workflows.server import IDENTITY, KEYRING, Running
from worker.queues import sandbox
from worker.subjects import workflows_on
from workflows.channels.bot import OWN_QUEUE
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE
from workflows.kernel.status import WorkflowStatus as Standing
from workflows.onboarding.start import StartOnboarding
from workflows.onboarding.workflow import OnboardingWorkflow

MARKER = frozenset(
    {
        *("seq", "attempt", "activity_id", "activity_type"),
        *("complete_time", "backoff", "original_schedule_time", "activation_index"),
    }
)
"""What the SDK notes of a local activity beside its encrypted answer."""

PATCH = frozenset({"id", "deprecated"})
"""What it notes of a change behind `workflow.patched`, beside a list of their names."""

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KNOWN = re.compile("|".join([*ClientStatus, *WizardStep, *Standing, *DeliveryState, OWN_QUEUE, "-", UUID]))
SAVED = sorted(HISTORIES.glob("*.json"))


@workflow.defn(name="OnboardingWorkflow", sandboxed=False)
class AsksOnceMore(OnboardingWorkflow):
    """A change that nobody may release: what is under way has no such activity in its history."""

    @workflow.init
    def __init__(self, start: StartOnboarding) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: StartOnboarding) -> str:
        await workflow.execute_activity("ask_once_more", start_to_close_timeout=timedelta(seconds=10))
        return await super().run(start)


@workflow.defn(name="OnboardingWorkflow", sandboxed=False)
class ForgetsErrands(OnboardingWorkflow):
    """Another one: it never sends what nobody waits for."""

    @workflow.init
    def __init__(self, start: StartOnboarding) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: StartOnboarding) -> str:
        return await super().run(start)

    def send_errands(self) -> None:
        """Not even the certificate."""


def replayer(*workflows: type) -> Replayer:
    every = (*workflows_on(CORE_QUEUE), *workflows_on(CONVERSATIONS_QUEUE))
    return Replayer(workflows=workflows or every, data_converter=data_converter(KEYRING), workflow_runner=sandbox())


def read(path: Path) -> WorkflowHistory:
    text = path.read_text()
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], text)


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
async def test_a_saved_history_replays(path: Path) -> None:
    assert (await replayer().replay_workflow(read(path))).replay_failure is None


def test_every_scenario_has_a_saved_history() -> None:
    saved = {re.sub(r"^([a-z]+)-v\d+-", r"\1-", path.stem) for path in SAVED}
    assert saved == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_played_today_replays_today(server: Running, name: str) -> None:
    played = await play(server, name, f"today-{name}")
    history = await played.history()
    await played.stops()
    assert (await replayer().replay_workflow(history)).replay_failure is None


@pytest.mark.parametrize("changed", [AsksOnceMore, ForgetsErrands])
async def test_a_change_that_breaks_what_is_under_way_is_found(changed: type) -> None:
    straight_through = read(HISTORIES / "onboarding-v1-straight-through.json")
    with pytest.raises(workflow.NondeterminismError):
        await replayer(changed).replay_workflow(straight_through)


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_history_tells_nothing_of_people_or_machines(path: Path) -> None:
    text = path.read_text()
    assert set(re.findall(r'"identity": "([^"]*)"', text)) == {IDENTITY}
    assert {_shape(value) for value in _plain(json.loads(text))} <= {MARKER, PATCH, "id, status or step"}


def _plain(node: object) -> Iterator[object]:
    """What every payload that is not encrypted holds."""
    if isinstance(node, list):
        for item in node:
            yield from _plain(item)
    elif isinstance(node, dict):
        encoding = node.get("metadata", {}).get("encoding", "")
        if b64decode(encoding) == b"json/plain":
            value = json.loads(b64decode(node["data"]))
            yield from value if isinstance(value, list) else [value]
        for item in node.values():
            yield from _plain(item)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return frozenset(value)
    return "id, status or step" if KNOWN.fullmatch(str(value)) else value
