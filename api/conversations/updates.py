"""Commands to the workflow of a conversation."""

from uuid import UUID

from temporalio.client import Client as Temporal

from activities.conversations.core.messages import ChangeDialog
from activities.kernel.command import NoOutcome
from api.writes.send import Update
from api.writes.updates import execute_update
from domain.kernel.actor import Actor
from models.conversations.dialog import Dialog
from workflows.conversations.starting import with_conversation
from workflows.conversations.workflow import ConversationWorkflow


def update_dialog(temporal: Temporal, dialog: Dialog, verb: str, actor: Actor) -> Update[NoOutcome]:
    """An update that starts the dialog's workflow unless it runs."""

    async def execute(draft_id: UUID) -> NoOutcome:
        command = ChangeDialog(dialog.avito_account_id, dialog.avito_dialog_id, verb, draft_id, actor)

        async def once() -> object:
            return await temporal.execute_update_with_start_workflow(
                ConversationWorkflow.change,
                command,
                id=str(draft_id),
                start_workflow_operation=with_conversation(command.account_id, command.chat_id),
            )

        await execute_update(once)
        return NoOutcome()

    return Update(execute, NoOutcome)
