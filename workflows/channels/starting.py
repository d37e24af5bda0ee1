"""Starts and wakes the workflows of accounts and bots."""

from datetime import timedelta
from uuid import UUID

from temporalio.client import Client

from workflows.channels.account import AccountWorkflow
from workflows.channels.bot import BotWorkflow
from workflows.channels.start import StartAccount, StartBot, account_id, bot_id
from workflows.kernel.names import ACCOUNT_ID, CONVERSATIONS_QUEUE, STATUS
from workflows.kernel.start import StartOptions, start_options
from workflows.kernel.status import WorkflowStatus

SWEEP_EVERY = timedelta(seconds=30)


async def begin_account(
    temporal: Client,
    account: UUID,
    patience: timedelta,
    sweep_every: timedelta = SWEEP_EVERY,
    signal: str | None = None,
) -> None:
    """Starts the workflow unless it runs; a running one keeps its `sweep_every`."""
    await temporal.start_workflow(
        AccountWorkflow.run,
        StartAccount(account, round(sweep_every.total_seconds())),
        start_signal=signal,
        rpc_timeout=patience,
        **account_options(account),
    )


async def wake_account(
    temporal: Client, account: UUID, patience: timedelta, sweep_every: timedelta = SWEEP_EVERY
) -> None:
    """Signals that the account was changed or deleted."""
    await begin_account(temporal, account, patience, sweep_every, "settings_changed")


async def begin_bot(temporal: Client, bot: UUID, patience: timedelta) -> None:
    """Starts the workflow unless it runs."""
    await temporal.start_workflow(BotWorkflow.run, StartBot(bot), rpc_timeout=patience, **bot_options(bot))


async def wake_bot(temporal: Client, bot: UUID, patience: timedelta) -> None:
    """Signals a request to the bot, or that it was changed or deleted."""
    await temporal.start_workflow(
        BotWorkflow.run, StartBot(bot), start_signal="woken", rpc_timeout=patience, **bot_options(bot)
    )


def account_options(account: UUID) -> StartOptions:
    attributes = {ACCOUNT_ID: str(account), STATUS: WorkflowStatus.ACTIVE.value}
    return start_options(account_id(account), CONVERSATIONS_QUEUE, "Аккаунт Avito", attributes)


def bot_options(bot: UUID) -> StartOptions:
    return start_options(bot_id(bot), CONVERSATIONS_QUEUE, "Бот Telegram", {STATUS: WorkflowStatus.ACTIVE.value})
