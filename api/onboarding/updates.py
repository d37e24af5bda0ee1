"""Commands to a client's workflow."""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from temporalio.client import Client as Temporal
from temporalio.workflow import UpdateMethodMultiParam

from activities.clients.command import ClientCommand, ClientOutcome
from api.writes.send import Update
from api.writes.updates import execute_update
from workflows.onboarding.starting import with_start
from workflows.onboarding.workflow import OnboardingWorkflow

UpdateMethod: TypeAlias = UpdateMethodMultiParam[[OnboardingWorkflow, ClientCommand], ClientOutcome]


def update_client(
    temporal: Temporal, update: UpdateMethod, command_of: Callable[[UUID], ClientCommand]
) -> Update[ClientOutcome]:
    """An update that starts the client's workflow unless it runs; `command_of` receives the draft's id."""

    async def execute(draft_id: UUID) -> ClientOutcome:
        command = command_of(draft_id)

        async def once() -> ClientOutcome:
            return await temporal.execute_update_with_start_workflow(
                update, command, id=str(draft_id), start_workflow_operation=with_start(command.client_id)
            )

        return await execute_update(once)

    return Update(execute, ClientOutcome)
