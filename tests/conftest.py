"""The embedded servers, a migrated database for each test, keys, and a clock that a test moves."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from domain.kernel.crypto import Keyring
from embedded.stack import Stack
from models.kernel.database import Sessions, connect, make_sessions
from tests import database
from tests.clock import FakeClock
from tests.journeys.product import Product
from tests.journeys.sandbox_client import SandboxClient

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
async def outside(product: Product) -> AsyncIterator[SandboxClient]:
    """A client of the sandbox, which plays Telegram and Avito."""
    async with SandboxClient(product.stack.sandbox.url) as outside:
        yield outside


@pytest.fixture(scope="session")
def database_template(stack: Stack) -> str:
    """Name of a migrated database that others are copied from; nobody connects to it."""
    database.upgrade(stack.create_database(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_url(stack: Stack, database_template: str) -> Iterator[str]:
    """A migrated database of the test's own."""
    name = f"test_{uuid4().hex}"
    yield stack.create_database(name, database_template)
    stack.drop_database(name)


@pytest.fixture
def empty_database_url(stack: Stack) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    yield stack.create_database(name)
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
