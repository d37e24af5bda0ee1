"""One API with its workers for all tests of this folder, an API of the test's own, and the staff who ask them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest
from temporalio.worker import Worker

import wiring
from activities.conversations.core.dialog import DialogActivities, DialogSteps
from api.app import create_app
from domain.kernel.clock import utc_now
from embedded.seal import make_seal
from embedded.stack import Stack
from models import Organisation
from models.people.manager import Role
from sandbox.app import create_app as create_sandbox
from sandbox.serving import server
from sandbox.world import World
from settings import Settings
from tests import factories
from tests.api.idle_workflows import IdleAccountWorkflow, IdleActivities, IdleBotWorkflow
from tests.api.own_api import NAMESPACE, OwnApi, open_api, settings_of, starting_now
from tests.api.shared_api import SharedApi, Staff, staff_of, workers
from tests.temporal import namespace_of_tests
from worker.queues import sandbox as workflow_sandbox
from workflows.conversations.workflow import ConversationWorkflow
from workflows.kernel.names import CONVERSATIONS_QUEUE


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
async def shared_api(api_settings: Settings) -> AsyncIterator[SharedApi]:
    await namespace_of_tests(api_settings.temporal_address, api_settings.temporal_namespace)
    app = create_app(api_settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        await stack.enter_async_context(workers(api_settings))
        yield SharedApi(app, api_settings, app.state.context)


@pytest.fixture
async def staff(shared_api: SharedApi) -> AsyncIterator[Staff]:
    organisation = await factories.stored(
        shared_api.sessions, Organisation(id=uuid4(), name="Тесты", created_at=utc_now())
    )
    staff = await staff_of(shared_api, organisation_id=organisation.id)
    yield staff
    await staff.http.aclose()


@pytest.fixture
async def anna(shared_api: SharedApi) -> AsyncIterator[Staff]:
    """A manager of the first organisation, whose tariffs the first migration made."""
    anna = await staff_of(shared_api)
    yield anna
    await anna.http.aclose()


@pytest.fixture(scope="session")
async def namespace(stack: Stack) -> None:
    await namespace_of_tests(stack.temporal_address, NAMESPACE)


@pytest.fixture
async def own_api(stack: Stack, namespace: None, database_url: str) -> AsyncIterator[OwnApi]:
    async with open_api(settings_of(stack, DATABASE_URL=database_url), starting_now()) as opened:
        yield opened


@pytest.fixture(scope="session")
async def sandbox(stack: Stack) -> AsyncIterator[World]:
    """Telegram and Avito, where the settings of the tests say that they are."""
    app = create_sandbox(None, seed=False)
    started = server(app, stack.sandbox.host, stack.sandbox.port)
    task = asyncio.create_task(started.serve())
    while not started.started and not task.done():  # noqa: ASYNC110 - a server has no event
        await asyncio.sleep(0.01)
    world: World = app.state.world
    yield world
    started.should_exit = True
    await task


@pytest.fixture
async def owner(shared_api: SharedApi) -> AsyncIterator[Staff]:
    """The owner of a new organisation; no onboarding right."""
    organisation = Organisation(id=uuid4(), name="Лавка", created_at=utc_now())
    await factories.stored(shared_api.sessions, organisation)
    owner = await staff_of(shared_api, organisation_id=organisation.id, role=Role.OWNER, can_onboard=False)
    yield owner
    await owner.http.aclose()


@pytest.fixture
async def stranger(shared_api: SharedApi) -> AsyncIterator[Staff]:
    """The owner of another organisation."""
    organisation = Organisation(id=uuid4(), name="Чужая лавка", created_at=utc_now())
    await factories.stored(shared_api.sessions, organisation)
    stranger = await staff_of(shared_api, organisation_id=organisation.id, role=Role.OWNER, can_onboard=False)
    yield stranger
    await stranger.http.aclose()


@pytest.fixture(scope="session")
async def conversations(shared_api: SharedApi) -> AsyncIterator[None]:
    """Workflows of conversations, which change rows and say nothing to anybody."""
    temporal = await wiring.temporal(shared_api.settings, shared_api.context.keyring, lazy=False)
    dialogs = DialogActivities(DialogSteps(shared_api.sessions, shared_api.context.keyring, utc_now))
    idle = IdleActivities(dialogs)
    worker = Worker(
        temporal,
        task_queue=CONVERSATIONS_QUEUE,
        workflows=[ConversationWorkflow, IdleAccountWorkflow, IdleBotWorkflow],
        activities=[dialogs.change, dialogs.standing, idle.show, idle.answer, idle.auto_reply, idle.remind],
        workflow_runner=workflow_sandbox(),
    )
    async with worker:
        yield
