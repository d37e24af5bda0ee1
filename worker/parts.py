"""Shared dependencies of the activities: opened once per process, inside its event loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import httpx
from temporalio.client import Client

import wiring
from activities.avito.account import Accounts
from activities.clients.step import ClientSteps
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.client import Avito
from gateways.http_outcome import open_client
from gateways.mail.client import Mailer
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from models.kernel.database import Sessions, connect, make_sessions
from settings import Settings

START_PATIENCE = timedelta(seconds=5)
"""Longest wait for Temporal to start or wake a workflow."""

MOST_CONNECTIONS = 200
"""To Avito; more than concurrent activities."""


@dataclass(frozen=True)
class Parts:
    settings: Settings
    sessions: Sessions
    keyring: Keyring
    temporal: Client
    storage: Storage
    telegram: TelegramApi
    http: httpx.AsyncClient
    now: Clock

    @cached_property
    def steps(self) -> ClientSteps:
        return ClientSteps(self.sessions, self.keyring, self.settings.zone, self.now)

    @cached_property
    def accounts(self) -> Accounts:
        """Shared, so that calls of one account are paced and its token is renewed once."""
        return Accounts(self.sessions, self.keyring, Avito(self.http, self.settings.avito_api_base), self.now)

    @cached_property
    def mailer(self) -> Mailer | None:
        """None: nothing goes by mail."""
        return wiring.mailer(self.settings)


@asynccontextmanager
async def open_parts(settings: Settings, now: Clock, temporal: Client | None = None) -> AsyncIterator[Parts]:
    """Open the parts; connects to Temporal unless `temporal` is given, raises `RuntimeError` if it does not answer."""
    keyring = wiring.keyring(settings)
    if temporal is None:
        metrics = f"{settings.host}:{settings.worker_metrics_port}" if settings.worker_metrics_port else None
        temporal = await wiring.temporal(settings, keyring, lazy=False, metrics=metrics)
    engine = connect(settings.database_url.get_secret_value(), settings.database_pool, "privet-worker")
    storage, telegram = wiring.storage(settings), wiring.telegram(settings)
    try:
        async with open_client(MOST_CONNECTIONS) as http:
            yield Parts(settings, make_sessions(engine), keyring, temporal, storage, telegram, http, now)
    finally:
        await telegram.close()
        storage.close()
        await engine.dispose()
