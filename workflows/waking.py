"""How workflows of conversations, accounts and bots are begun and woken: by one call that needs no answer of theirs."""

from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
)

from activities.waking import Side
from workflows.agenda import Status
from workflows.avito_account import AccountWorkflow
from workflows.bot import BotWorkflow
from workflows.conversation import ConversationWorkflow
from workflows.names import ACCOUNT_ID, CONVERSATIONS_QUEUE, STATUS, account_id, bot_id, conversation_id
from workflows.start import StartAccount, StartBot, StartConversation

SWEEP_EVERY = timedelta(seconds=30)


class Start(TypedDict):
    """Options of a start; a workflow that runs already goes on."""

    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    search_attributes: TypedSearchAttributes
    static_summary: str
    task_timeout: timedelta


async def wake_conversation(temporal: Client, account: UUID, chat_id: str, side: Side, patience: timedelta) -> None:
    """There is news from one side. `RPCError` or `RuntimeError` where Temporal does not answer in time."""
    await temporal.start_workflow(
        ConversationWorkflow.run,
        StartConversation(account, chat_id),
        start_signal="wake",
        start_signal_args=[side.value],
        rpc_timeout=patience,
        **conversation_options(account, chat_id),
    )


def with_conversation(account: UUID, chat_id: str) -> WithStartWorkflowOperation[ConversationWorkflow, str]:
    """For an update that finds the conversation running or ended; good for one call."""
    return WithStartWorkflowOperation(
        ConversationWorkflow.run, StartConversation(account, chat_id), **conversation_options(account, chat_id)
    )


async def begin_account(
    temporal: Client, account: UUID, patience: timedelta, sweep_every: timedelta = SWEEP_EVERY
) -> None:
    """Unless it runs; it keeps the pace that it was begun with."""
    await temporal.start_workflow(
        AccountWorkflow.run,
        StartAccount(account, round(sweep_every.total_seconds())),
        rpc_timeout=patience,
        **account_options(account),
    )


async def wake_account(
    temporal: Client, account: UUID, patience: timedelta, sweep_every: timedelta = SWEEP_EVERY
) -> None:
    """Its key, its bot or its monitoring was changed, or it was deleted."""
    await temporal.start_workflow(
        AccountWorkflow.run,
        StartAccount(account, round(sweep_every.total_seconds())),
        start_signal="settings_changed",
        rpc_timeout=patience,
        **account_options(account),
    )


async def begin_bot(temporal: Client, bot: UUID, patience: timedelta) -> None:
    """Unless it runs."""
    await temporal.start_workflow(BotWorkflow.run, StartBot(bot), rpc_timeout=patience, **bot_options(bot))


async def wake_bot(temporal: Client, bot: UUID, patience: timedelta) -> None:
    """It has an errand, its settings were changed, or it was deleted."""
    await temporal.start_workflow(
        BotWorkflow.run, StartBot(bot), start_signal="woken", rpc_timeout=patience, **bot_options(bot)
    )


def conversation_options(account: UUID, chat_id: str) -> Start:
    attributes = {ACCOUNT_ID: str(account), STATUS: Status.ACTIVE.value}
    return _options(conversation_id(account, chat_id), "Переписка на Avito", attributes)


def account_options(account: UUID) -> Start:
    attributes = {ACCOUNT_ID: str(account), STATUS: Status.ACTIVE.value}
    return _options(account_id(account), "Аккаунт Avito", attributes)


def bot_options(bot: UUID) -> Start:
    return _options(bot_id(bot), "Бот Telegram", {STATUS: Status.ACTIVE.value})


def _options(workflow_id: str, summary: str, attributes: dict[SearchAttributeKey[str], str]) -> Start:
    return Start(
        id=workflow_id,
        task_queue=CONVERSATIONS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=TypedSearchAttributes([SearchAttributePair(key, value) for key, value in attributes.items()]),
        static_summary=summary,
        task_timeout=timedelta(seconds=5),
    )
