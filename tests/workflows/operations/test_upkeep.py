"""Regular jobs: clients without a workflow get one, what is of no use goes; and how a workflow is begun at all."""

from datetime import timedelta
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from activities.operations.adoption import BATCH
from tests.workflows.onboarding_driver import OnboardingDriver
from tests.workflows.server import Running
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE
from workflows.onboarding.start import onboarding_id
from workflows.onboarding.starting import begin_onboarding, onboarding_options
from workflows.operations.upkeep import AdoptionWorkflow, ConnectionAdoptionWorkflow, UpkeepWorkflow

Job: TypeAlias = WorkflowHandle[Any, int]

pytestmark = pytest.mark.timeout(60)


async def begun(running: Running, workflow: type[AdoptionWorkflow] | type[UpkeepWorkflow]) -> Job:
    """As a Schedule begins it; one that nobody answers is given up soon."""
    return await running.temporal.start_workflow(
        workflow.run, id=str(uuid4()), task_queue=CORE_QUEUE, execution_timeout=timedelta(days=1)
    )


async def test_adoption_goes_on_until_a_batch_is_not_full(server: Running) -> None:
    server.rows.adopted = [BATCH, BATCH, 3]
    handle = await begun(server, AdoptionWorkflow)
    await server.env.fast_forward(handle, timedelta(minutes=1))
    assert await handle.result() == 2 * BATCH + 3


async def test_adoption_ends_at_once_when_everybody_has_a_workflow(server: Running) -> None:
    server.rows.adopted = [0]
    assert await (await begun(server, AdoptionWorkflow)).result() == 0


async def test_adoption_does_not_grow_its_history_for_ever(short_runs: Running) -> None:
    short_runs.rows.adopted = [BATCH] * 30
    handle = await begun(short_runs, AdoptionWorkflow)
    await short_runs.env.fast_forward(handle, timedelta(hours=1))
    adopted = await handle.result()
    assert 0 < adopted < 30 * BATCH
    assert len(short_runs.rows.adopted) == 30 - adopted // BATCH


async def test_accounts_and_bots_without_a_workflow_are_begun_on_the_queue_of_conversations(server: Running) -> None:
    server.channels.begun = [3]
    handle = await server.temporal.start_workflow(
        ConnectionAdoptionWorkflow.run, id=str(uuid4()), task_queue=CONVERSATIONS_QUEUE
    )
    assert await handle.result() == 3


async def test_upkeep_deletes_abandoned_uploads_before_it_forgets_them(server: Running) -> None:
    server.rows.upkeep.clear()
    server.rows.uploads = [["uploads/a", "uploads/b"], ["uploads/c"]]
    assert await (await begun(server, UpkeepWorkflow)).result() == 7
    assert server.rows.upkeep == [
        ("delete_objects", ["uploads/a", "uploads/b"]),
        ("forget_uploads", ["uploads/a", "uploads/b"]),
        ("delete_objects", ["uploads/c"]),
        ("forget_uploads", ["uploads/c"]),
        ("delete_leftovers", None),
    ]


async def test_upkeep_does_not_grow_its_history_for_ever(short_runs: Running) -> None:
    short_runs.rows.upkeep.clear()
    short_runs.rows.uploads = [[f"uploads/{number}"] for number in range(30)]
    assert await (await begun(short_runs, UpkeepWorkflow)).result() == 7
    assert short_runs.rows.uploads
    assert short_runs.rows.upkeep[-1] == ("delete_leftovers", None)


async def test_beginning_a_workflow_that_runs_leaves_it_alone(anna: OnboardingDriver) -> None:
    run = (await anna.handle.describe()).run_id
    await begin_onboarding(anna.running.temporal, anna.client_id, timedelta(seconds=5))
    assert (await anna.handle.describe()).run_id == run
    assert anna.card.names() == ["load_onboarding"]


def test_a_client_has_one_workflow_named_by_his_id_alone(anna: OnboardingDriver) -> None:
    options = onboarding_options(anna.client_id)
    assert options["id"] == onboarding_id(anna.client_id) == f"onboarding-{anna.client_id}"
    assert options["id_conflict_policy"] is WorkflowIDConflictPolicy.USE_EXISTING
