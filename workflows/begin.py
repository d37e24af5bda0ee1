"""How a client's workflow is begun, wherever that happens: at registration, with a step, or by the adoption."""

from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDConflictPolicy

from workflows.names import CLIENT_ID, CORE_QUEUE, onboarding_id
from workflows.onboarding import OnboardingWorkflow
from workflows.start import StartOnboarding


class Start(TypedDict):
    """Options that are the same in every start; a workflow that runs already goes on."""

    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    search_attributes: TypedSearchAttributes
    static_summary: str
    task_timeout: timedelta


def start_options(client_id: UUID) -> Start:
    return Start(
        id=onboarding_id(client_id),
        task_queue=CORE_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=TypedSearchAttributes([SearchAttributePair(CLIENT_ID, str(client_id))]),
        static_summary="Подключение клиента",
        task_timeout=timedelta(seconds=5),
    )


def with_start(client_id: UUID) -> WithStartWorkflowOperation[OnboardingWorkflow, str]:
    """For an update that finds the workflow running, closed or never begun; good for one call."""
    return WithStartWorkflowOperation(OnboardingWorkflow.run, StartOnboarding(client_id), **start_options(client_id))


async def begin_onboarding(temporal: Client, client_id: UUID, patience: timedelta) -> None:
    """Begin the workflow unless it runs; `RPCError` or `RuntimeError` where Temporal does not answer in time."""
    await temporal.start_workflow(
        OnboardingWorkflow.run, StartOnboarding(client_id), rpc_timeout=patience, **start_options(client_id)
    )
