"""Regular jobs: clients without a workflow get one, what is of no use goes; and how a workflow is begun at all."""

from datetime import timedelta
from uuid import uuid4

from temporalio.common import WorkflowIDConflictPolicy

from activities.adoption import BATCH
from tests.workflows.onboarding import Onboarding
from tests.workflows.server import Running
from workflows.begin import begin_onboarding, start_options
from workflows.names import CORE_QUEUE, onboarding_id
from workflows.upkeep import AdoptionWorkflow, UpkeepWorkflow


async def test_adoption_goes_on_until_a_batch_is_not_full(server: Running) -> None:
    server.rows.adopted = [BATCH, BATCH, 3]
    handle = await server.temporal.start_workflow(AdoptionWorkflow.run, id=str(uuid4()), task_queue=CORE_QUEUE)
    while server.rows.adopted:
        await server.env.fast_forward(handle, timedelta(seconds=10))
    assert await handle.result() == 2 * BATCH + 3


async def test_adoption_ends_at_once_when_everybody_has_a_workflow(server: Running) -> None:
    server.rows.adopted = [0]
    assert await server.temporal.execute_workflow(AdoptionWorkflow.run, id=str(uuid4()), task_queue=CORE_QUEUE) == 0


async def test_adoption_does_not_grow_its_history_for_ever(short_runs: Running) -> None:
    short_runs.rows.adopted = [BATCH] * 30
    handle = await short_runs.temporal.start_workflow(AdoptionWorkflow.run, id=str(uuid4()), task_queue=CORE_QUEUE)
    await short_runs.env.fast_forward(handle, timedelta(hours=1))
    adopted = await handle.result()
    assert 0 < adopted < 30 * BATCH
    assert len(short_runs.rows.adopted) == 30 - adopted // BATCH
    short_runs.rows.adopted = []


async def test_upkeep_says_how_many_rows_went(server: Running) -> None:
    before = server.rows.upkeep
    assert await server.temporal.execute_workflow(UpkeepWorkflow.run, id=str(uuid4()), task_queue=CORE_QUEUE) == 7
    assert server.rows.upkeep == before + 1


async def test_beginning_a_workflow_that_runs_leaves_it_alone(anna: Onboarding) -> None:
    run = (await anna.handle.describe()).run_id
    await begin_onboarding(anna.running.temporal, anna.client_id, timedelta(seconds=5))
    assert (await anna.handle.describe()).run_id == run
    assert anna.card.names() == ["load_onboarding"]


def test_a_client_has_one_workflow_named_by_his_id_alone(anna: Onboarding) -> None:
    options = start_options(anna.client_id)
    assert options["id"] == onboarding_id(anna.client_id) == f"onboarding-{anna.client_id}"
    assert options["id_conflict_policy"] is WorkflowIDConflictPolicy.USE_EXISTING
