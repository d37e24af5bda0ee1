"""The embedded servers, a migrated database for each test, keys, and a clock that a test moves."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from documents.contracts.seal import make_self_signed
from domain.kernel.crypto import Keyring
from embedded.stack import Stack
from gateways.storage.client import Storage
from models.kernel.database import Sessions, connect, make_sessions
from tests import database
from tests.clock import FakeClock
from tests.conversation_setup import ConversationSetup, new_conversation_setup
from tests.factories import make_manager
from tests.journeys.product import Product
from tests.journeys.sandbox_client import SandboxClient
from tests.sandbox_server import Sandbox, running_sandbox

pytest.register_assert_rewrite("tests.onboarding_setup")

from tests.onboarding_setup import OnboardingSetup  # noqa: E402

TEMPLATE = "privet_template"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL, Temporal and an object store of this process alone; started when the first test asks."""
    with Stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product of this process alone, for journeys by HTTP and in a browser."""
    with Product(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture(scope="session")
async def sandbox_client(product: Product) -> AsyncIterator[SandboxClient]:
    """A client of the sandbox, which plays Telegram and Avito."""
    async with SandboxClient(product.stack.sandbox.url) as sandbox_client:
        yield sandbox_client


@pytest.fixture(scope="session")
def database_template(stack: Stack) -> str:
    """Name of a migrated database that others are copied from; nobody connects to it."""
    stack.create_database(TEMPLATE)
    database.upgrade(stack.postgres.owner_url_of(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_url(stack: Stack, database_template: str) -> Iterator[str]:
    """A migrated database of the test's own, as the application's role reaches it."""
    name = f"test_{uuid4().hex}"
    yield stack.create_database(name, database_template)
    stack.drop_database(name)


@pytest.fixture
def owner_url(stack: Stack, database_url: str) -> str:
    """The same database, as the owner of its tables reaches it."""
    return stack.postgres.owner_url_of(database_url.rpartition("/")[2])


@pytest.fixture
def empty_database_url(stack: Stack) -> Iterator[str]:
    """A database with nothing in it, for its owner."""
    name = f"empty_{uuid4().hex}"
    stack.create_database(name)
    yield stack.postgres.owner_url_of(name)
    stack.drop_database(name)


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    engine = connect(database_url, pool_size=10)
    yield make_sessions(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring({"k2": bytes(range(32)), "k1": bytes(32)}, current="k2")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def key_store() -> bytes:
    return make_self_signed("Privet, seal of a test")


@pytest.fixture(scope="session")
async def storage(stack: Stack) -> AsyncIterator[Storage]:
    """A bucket for the tests of activities; keys never meet, because they hold the ids of commands and contracts."""
    store = stack.store
    storage = Storage(store.endpoint, store.access_key, store.secret_key, f"b-{uuid4()}", store.region)
    await storage.ensure_bucket()
    yield storage
    storage.close()


@pytest.fixture
async def onboarding(
    sessions: Sessions, keyring: Keyring, storage: Storage, clock: FakeClock, key_store: bytes
) -> OnboardingSetup:
    return OnboardingSetup(sessions, keyring, storage, clock, key_store, await make_manager(sessions))


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def new_conversation(sandbox: Sandbox, sessions: Sessions, keyring: Keyring) -> AsyncIterator[ConversationSetup]:
    """A bot in a group, an account and a chat with «Ольга», all of this test alone."""
    async with new_conversation_setup(sandbox, sessions, keyring) as onboarding:
        yield onboarding
