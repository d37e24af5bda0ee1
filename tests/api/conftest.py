"""The whole API in this process, over real servers, with real workers beside it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.context import Context
from domain.kernel.clock import utc_now
from embedded.seal import make_seal
from embedded.stack import Stack
from models import Client, Manager, Organisation
from models.kernel.database import Sessions
from settings import Settings
from tests import factories
from tests.temporal import namespace_of_tests
from worker.parts import open_parts
from worker.queues import core_worker, documents_worker
from worker.subjects import activities_on
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE

ADDRESS = "http://api.test"


@dataclass(frozen=True)
class World:
    """One API with its workers for all tests of this folder; each test brings its own people."""

    app: FastAPI
    settings: Settings
    context: Context

    @property
    def sessions(self) -> Sessions:
        return self.context.sessions

    def token(self, manager: Manager) -> str:
        return self.context.manager_tokens.issue(manager.id)

    def http(self, token: str | None = None) -> AsyncClient:
        """A caller; without a token nobody in particular."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return AsyncClient(transport=ASGITransport(self.app), base_url=ADDRESS, headers=headers)

    def anybody(self) -> AsyncClient:
        """A browser: the object store by the network, our own addresses in this process, no token for either."""
        return AsyncClient(mounts={self.settings.web_url: ASGITransport(self.app)})


@pytest.fixture(scope="session")
def api_settings(stack: Stack, database_template: str) -> Settings:
    passphrase = stack.secrets["SEAL_PASSPHRASE"]
    environment: dict[str, Any] = {
        **stack.environment(),
        "DATABASE_URL": stack.create_database(f"api_{uuid4().hex}", database_template),
        "TEMPORAL_NAMESPACE": "api-tests",
        "SEAL_PKCS12_PATH": str(make_seal(stack.folder, passphrase)),
        "SEAL_PASSPHRASE": passphrase,
        "S3_UPLOADS": "auto",
    }
    return Settings(_env_file=None, **{name.lower(): value for name, value in environment.items()})


@pytest.fixture(scope="session")
async def world(api_settings: Settings) -> AsyncIterator[World]:
    await namespace_of_tests(api_settings.temporal_address, api_settings.temporal_namespace)
    app = create_app(api_settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        await stack.enter_async_context(workers(api_settings))
        yield World(app, api_settings, app.state.context)


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

    world: World
    manager: Manager
    http: AsyncClient

    async def client(self, **values: Any) -> Client:
        """A card in «Новые» of this organisation."""
        user = await factories.make_user(self.world.sessions, **values.pop("user", {}))
        return await factories.make_client(
            self.world.sessions, user, organisation_id=self.manager.organisation_id, **values
        )

    async def colleague(self, **values: Any) -> "Staff":
        return await staff_of(self.world, organisation_id=self.manager.organisation_id, **values)


async def staff_of(world: World, **values: Any) -> Staff:
    manager = await factories.make_manager(world.sessions, **values)
    return Staff(world, manager, world.http(world.token(manager)))


@pytest.fixture
async def staff(world: World) -> AsyncIterator[Staff]:
    organisation = await factories.stored(world.sessions, Organisation(id=uuid4(), name="Тесты", created_at=utc_now()))
    staff = await staff_of(world, organisation_id=organisation.id)
    yield staff
    await staff.http.aclose()


@pytest.fixture
async def anna(world: World) -> AsyncIterator[Staff]:
    """A manager of the first organisation, whose tariffs the first migration made."""
    anna = await staff_of(world)
    yield anna
    await anna.http.aclose()
