"""Starts a client's workflow: at registration, with a step, or from the adoption Schedule."""

from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WithStartWorkflowOperation

from workflows.kernel.names import CLIENT_ID, CORE_QUEUE
from workflows.kernel.start import StartOptions, start_options
from workflows.onboarding.start import StartOnboarding, onboarding_id
from workflows.onboarding.workflow import OnboardingWorkflow


def onboarding_options(client_id: UUID) -> StartOptions:
    return start_options(onboarding_id(client_id), CORE_QUEUE, "Подключение клиента", {CLIENT_ID: str(client_id)})


def with_start(client_id: UUID) -> WithStartWorkflowOperation[OnboardingWorkflow, str]:
    """Start operation for an update of a running, closed or new workflow; valid for one call."""
    return WithStartWorkflowOperation(
        OnboardingWorkflow.run, StartOnboarding(client_id), **onboarding_options(client_id)
    )


async def begin_onboarding(temporal: Client, client_id: UUID, patience: timedelta) -> None:
    """Start the workflow unless it runs; raises `RPCError` or `RuntimeError` if Temporal does not answer in time."""
    await temporal.start_workflow(
        OnboardingWorkflow.run, StartOnboarding(client_id), rpc_timeout=patience, **onboarding_options(client_id)
    )
