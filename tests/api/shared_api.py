"""The whole API in this process, over real servers, with real workers beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.context import Context
from domain.kernel.clock import utc_now
from models import Client, Manager
from models.kernel.database import Sessions
from settings import Settings
from tests import factories
from worker.parts import open_parts
from worker.queues import core_worker, documents_worker
from worker.subjects import activities_on
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE

ADDRESS = "http://api.test"


@dataclass(frozen=True)
class SharedApi:
    """One API with its workers for all tests of this folder; each test brings its own people."""

    app: FastAPI
    settings: Settings
    context: Context

    @property
    def sessions(self) -> Sessions:
        return self.context.sessions

    def token(self, manager: Manager) -> str:
        return self.context.manager_tokens.issue(manager.id, factories.session_of(manager))

    def http(self, token: str | None = None) -> AsyncClient:
        """A caller; without a token nobody in particular."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return AsyncClient(transport=ASGITransport(self.app), base_url=ADDRESS, headers=headers)

    def anybody(self) -> AsyncClient:
        """A browser: the object store by the network, our own addresses in this process, no token for either."""
        return AsyncClient(mounts={self.settings.web_url: ASGITransport(self.app)})


@asynccontextmanager
async def workers(settings: Settings) -> AsyncIterator[None]:
    """Both queues in this process, made as in production."""
    async with open_parts(settings, utc_now) as parts:
        await parts.storage.ensure_bucket()
        async with (
            core_worker(parts.temporal, activities_on(CORE_QUEUE, parts)),
            documents_worker(parts.temporal, activities_on(DOCUMENTS_QUEUE, parts)),
        ):
            yield


@dataclass(frozen=True)
class Staff:
    """A manager with an organisation of his own, so that lists hold what the test made and nothing else."""

    api: SharedApi
    manager: Manager
    http: AsyncClient

    async def client(self, **values: Any) -> Client:
        """A card in «Новые» of this organisation."""
        user = await factories.make_user(self.api.sessions, **values.pop("user", {}))
        return await factories.make_client(
            self.api.sessions, user, organisation_id=self.manager.organisation_id, **values
        )

    async def colleague(self, **values: Any) -> "Staff":
        return await staff_of(self.api, organisation_id=self.manager.organisation_id, **values)


async def staff_of(shared_api: SharedApi, **values: Any) -> Staff:
    manager = await factories.make_manager(shared_api.sessions, **values)
    return Staff(shared_api, manager, shared_api.http(shared_api.token(manager)))
