"""A Temporal dev server whose workflows have clocks of their own, and workers that are made as in production."""

import sysconfig
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Worker

from domain.kernel.crypto import Keyring
from embedded.servers.temporal import DYNAMIC_CONFIG
from gateways.temporal.client import data_converter
from tests.workflows.fake_conversations import FakeChannels
from tests.workflows.fake_onboarding import FakeRows
from worker.queues import conversations_worker, core_worker, documents_worker, polling_worker, seal_worker
from workflows.kernel.names import ACCOUNT_ID, CLIENT_ID, MANAGER_ID, STATUS, STEP

KEYRING = Keyring({"histories": bytes(range(32))}, current="histories")
"""Saved histories are encrypted with it: it may never change."""

IDENTITY = "recorder"
"""Instead of the process and host name that would stand in every saved history."""

SKIPPING = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # Timers fire within 10 ms of their time; the server's own second would be waited for by every test.
    "history.timerProcessorMaxTimeShift": '"10ms"',
}


@dataclass(frozen=True)
class Running:
    """A server, and workers on all queues whose activities are `rows` and `outside`."""

    env: WorkflowEnvironment
    rows: FakeRows
    channels: FakeChannels
    conversations: "ConversationsWorker"

    @property
    def temporal(self) -> Client:
        return self.env.client


class ConversationsWorker:
    """The workers of conversations and polls, which a test may end and begin again."""

    def __init__(self, temporal: Client, channels: FakeChannels) -> None:
        self.temporal, self.channels = temporal, channels
        self.workers: list[Worker] = []

    async def begins(self) -> None:
        for made in (conversations_worker, polling_worker):
            worker = made(self.temporal, self.channels.activities(), grace=timedelta())
            await worker.__aenter__()
            self.workers.append(worker)

    async def ends(self) -> None:
        """What it is doing is broken off."""
        for worker in self.workers:
            await worker.shutdown()
        self.workers.clear()


@asynccontextmanager
async def running(settings: Mapping[str, str] | None = None) -> AsyncIterator[Running]:
    """`settings` are dynamic configuration of the server; time stands still unless a test moves it forward."""
    values = {**DYNAMIC_CONFIG, **SKIPPING, **(settings or {})}
    env = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        data_converter=data_converter(KEYRING),
        identity=IDENTITY,
        search_attributes=[STATUS, CLIENT_ID, MANAGER_ID, ACCOUNT_ID, STEP],
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        dev_server_extra_args=[
            part for name, value in values.items() for part in ("--dynamic-config-value", f"{name}={value}")
        ],
        dev_server_startup_timeout=None,
    )

    async def clock(workflow_id: str) -> datetime:
        return await env.get_current_time(env.client.get_workflow_handle(workflow_id))

    rows, channels = FakeRows(clock), FakeChannels(clock)
    conversations = ConversationsWorker(env.client, channels)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(env)
        await stack.enter_async_context(core_worker(env.client, rows.row_activities()))
        await stack.enter_async_context(documents_worker(env.client, rows.document_activities()))
        await stack.enter_async_context(seal_worker(env.client, rows.sealing_activities()))
        await conversations.begins()
        stack.push_async_callback(conversations.ends)
        yield Running(env, rows, channels, conversations)
