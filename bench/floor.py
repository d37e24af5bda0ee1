"""The floor: a bare workflow with activities of the same kinds, and an HTTP route that calls it."""

from datetime import timedelta
from uuid import uuid4

from fastapi import FastAPI
from temporalio import activity, workflow
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

QUEUE = "bench-floor"
REMOTE_QUEUE = "bench-floor-remote"
SECONDS = timedelta(seconds=10)


@activity.defn
async def nothing(word: str) -> str:
    """An activity without effect."""
    return word


@workflow.defn
class FloorWorkflow:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def local_step(self, word: str) -> str:
        return await workflow.execute_local_activity(nothing, word, start_to_close_timeout=SECONDS)

    @workflow.update
    async def document_step(self, word: str) -> str:
        """The activities of a contract: local, remote on another queue, local."""
        word = await workflow.execute_local_activity(nothing, word, start_to_close_timeout=SECONDS)
        word = await workflow.execute_activity(nothing, word, task_queue=REMOTE_QUEUE, start_to_close_timeout=SECONDS)
        return await workflow.execute_local_activity(nothing, word, start_to_close_timeout=SECONDS)


UPDATES = {"local": FloorWorkflow.local_step, "document": FloorWorkflow.document_step}


async def bare_step(temporal: Client, workflow_id: str, kind: str) -> str:
    """One update-with-start, as in the product."""
    start = WithStartWorkflowOperation(
        FloorWorkflow.run, id=workflow_id, task_queue=QUEUE, id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING
    )
    return await temporal.execute_update_with_start_workflow(
        UPDATES[kind], "word", id=str(uuid4()), start_workflow_operation=start
    )


def create_app(address: str) -> FastAPI:
    """`POST /{workflow_id}/{kind}`."""
    app = FastAPI()
    clients: list[Client] = []

    @app.post("/{workflow_id}/{kind}")
    async def step(workflow_id: str, kind: str) -> str:
        if not clients:
            clients.append(await Client.connect(address))
        return await bare_step(clients[0], workflow_id, kind)

    return app
