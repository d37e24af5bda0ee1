"""How a command reaches a client's workflow."""

from typing import TypeAlias

from temporalio.client import Client as Temporal
from temporalio.workflow import UpdateMethodMultiParam

from activities.kernel.command import Command, Outcome
from api.writes.updates import execute_update
from workflows.onboarding.starting import with_start
from workflows.onboarding.workflow import OnboardingWorkflow

Update: TypeAlias = UpdateMethodMultiParam[[OnboardingWorkflow, Command], Outcome]
"""An update of `OnboardingWorkflow`, by its method."""


async def execute(temporal: Temporal, update: Update, command: Command) -> Outcome:
    """Do it, beginning the client's workflow where there is none; a `Refusal` says why not.

    `Unavailable` leaves open whether it was done: the same draft id asks again.
    """

    async def once() -> Outcome:
        return await temporal.execute_update_with_start_workflow(
            update, command, id=str(command.draft_id), start_workflow_operation=with_start(command.client_id)
        )

    return await execute_update(once)
