"""The daily anchor: in the order of the days, patient with its authority, begun once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.evidence.anchor import AnchorOf
from tests.workflows.server import Running
from workflows.evidence.workflow import ALARM_AFTER, AnchorsDueWorkflow
from workflows.kernel.names import CORE_QUEUE

pytestmark = pytest.mark.timeout(90)


async def due(server: Running, *days: str) -> int:
    """As the Schedule begins it."""
    server.anchors.due.append([AnchorOf(day) for day in days])
    return await server.temporal.execute_workflow(AnchorsDueWorkflow.run, id=str(uuid4()), task_queue=CORE_QUEUE)


async def test_an_anchor_is_made_compared_stamped_and_mailed(server: Running) -> None:
    assert await due(server, "2026-01-01") == 1
    handle = server.temporal.get_workflow_handle("anchor-2026-01-01")
    assert await handle.result() == 2
    assert server.anchors.of("2026-01-01") == ["make", "make", "check", "stamp", "note"]


async def test_missed_days_are_made_in_their_order(server: Running) -> None:
    days = ["2026-02-01", "2026-02-02", "2026-02-03"]
    assert await due(server, *days) == 3
    for day in days:
        await server.temporal.get_workflow_handle(f"anchor-{day}").result()
    first = {day: server.anchors.calls.index(("make", day)) for day in days}
    assert sorted(days, key=lambda day: first[day]) == days


async def test_the_authority_is_away_for_three_days_and_other_days_go_on(server: Running) -> None:
    """The root stands, an alarm is raised after hours and the owners are told; the stamp comes in the end."""
    day, next_day = "2026-03-01", "2026-03-02"
    server.anchors.away = True
    await due(server, day)
    handle = server.temporal.get_workflow_handle(f"anchor-{day}")
    await server.env.fast_forward(handle, ALARM_AFTER + timedelta(minutes=1))
    assert server.anchors.of(day) == ["make", "make", "check", "report", "note"]
    # What the Schedule finds unfinished runs already.
    await due(server, day, next_day)
    await server.env.fast_forward(handle, timedelta(days=3))
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    assert server.anchors.tries[day] > 100
    assert server.anchors.of(next_day)[:3] == ["make", "make", "check"]
    server.anchors.away = False
    await server.env.fast_forward(handle, timedelta(minutes=20))
    assert await handle.result() == 2
    assert server.anchors.of(day) == ["make", "make", "check", "report", "note", "make", "stamp", "note"]
