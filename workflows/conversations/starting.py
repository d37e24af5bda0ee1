"""Starts and wakes conversation workflows, each by one call."""

from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WithStartWorkflowOperation

from activities.conversations.core.wake import Side
from workflows.conversations.start import StartConversation, conversation_id
from workflows.conversations.workflow import ConversationWorkflow
from workflows.kernel.names import ACCOUNT_ID, CONVERSATIONS_QUEUE, STATUS
from workflows.kernel.start import StartOptions, start_options
from workflows.kernel.status import WorkflowStatus


async def wake_conversation(temporal: Client, account: UUID, chat_id: str, side: Side, patience: timedelta) -> None:
    """Signals news from one side. `RPCError` or `RuntimeError` if Temporal does not answer in time."""
    await temporal.start_workflow(
        ConversationWorkflow.run,
        StartConversation(account, chat_id),
        start_signal="wake",
        start_signal_args=[side.value],
        rpc_timeout=patience,
        **conversation_options(account, chat_id),
    )


def with_conversation(account: UUID, chat_id: str) -> WithStartWorkflowOperation[ConversationWorkflow, str]:
    """Start operation for an update of a running or ended conversation; good for one call."""
    return WithStartWorkflowOperation(
        ConversationWorkflow.run, StartConversation(account, chat_id), **conversation_options(account, chat_id)
    )


def conversation_options(account: UUID, chat_id: str) -> StartOptions:
    attributes = {ACCOUNT_ID: str(account), STATUS: WorkflowStatus.ACTIVE.value}
    return start_options(conversation_id(account, chat_id), CONVERSATIONS_QUEUE, "Переписка на Avito", attributes)
