"""How a person's wish reaches the workflow of a conversation."""

import hashlib
from uuid import uuid4

from temporalio.client import Client as Temporal

from activities.conversations.core.messages import ChangeDialog, Standing
from api.writes.updates import execute_update
from workflows.conversations.starting import with_conversation
from workflows.conversations.workflow import ConversationWorkflow


async def change_dialog(temporal: Temporal, command: ChangeDialog, key: str | None) -> Standing:
    """Do it, beginning the workflow where there is none; a `Refusal` says why not.

    With a key of the caller's, a repetition is the same update and has the same answer while the run lasts.
    """
    update_id = _update_id(command, key)

    async def once() -> Standing:
        return await temporal.execute_update_with_start_workflow(
            ConversationWorkflow.change,
            command,
            id=update_id,
            start_workflow_operation=with_conversation(command.account_id, command.chat_id),
        )

    return await execute_update(once)


def _update_id(command: ChangeDialog, key: str | None) -> str:
    if key is None:
        return str(uuid4())
    return hashlib.sha256(f"{command.manager_id}:{command.verb}:{key}".encode()).hexdigest()
