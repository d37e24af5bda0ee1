"""The desk: families of activities over a migrated database that each test finds empty, a real store, and a clock."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from documents.contracts.seal import make_self_signed
from domain.kernel.crypto import Keyring
from embedded.stack import Stack
from gateways.storage.client import Storage
from models.kernel.database import Sessions, connect, make_sessions
from tests.clock import FakeClock
from tests.factories import make_manager

pytest.register_assert_rewrite("tests.activities.desk", "tests.activities.front")

from tests.activities import rows  # noqa: E402
from tests.activities.desk import Desk  # noqa: E402
from tests.activities.front import Front, Outside, fronting, opened  # noqa: E402
from tests.activities.relay_desk import RelayDesk, relay_desk  # noqa: E402
from tests.sandbox_stand import Sandbox, standing  # noqa: E402


@pytest.fixture(scope="session")
async def engine(stack: Stack, database_template: str) -> AsyncIterator[AsyncEngine]:
    """One database for all of these tests: a copy for each would take longer than the test itself."""
    engine = connect(stack.create_database(f"activities_{uuid4().hex}", database_template), pool_size=12)
    await rows.remember_seed(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine) -> Sessions:
    await rows.empty(engine)
    return make_sessions(engine)


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
async def desk(sessions: Sessions, keyring: Keyring, storage: Storage, clock: FakeClock, key_store: bytes) -> Desk:
    return Desk(sessions, keyring, storage, clock, key_store, await make_manager(sessions))


@pytest.fixture(scope="session")
async def outside() -> AsyncIterator[Outside]:
    async with opened() as outside:
        yield outside


@pytest.fixture
async def front(outside: Outside, sessions: Sessions, keyring: Keyring) -> AsyncIterator[Front]:
    async with fronting(outside, sessions, keyring) as front:
        yield front


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with standing() as sandbox:
        yield sandbox


@pytest.fixture
async def relay(sandbox: Sandbox, sessions: Sessions, keyring: Keyring) -> AsyncIterator[RelayDesk]:
    """A bot in a group, an account and a chat with «Ольга», all of this test alone."""
    async with relay_desk(sandbox, sessions, keyring) as desk:
        yield desk


@pytest.fixture
async def talk(relay: RelayDesk) -> RelayDesk:
    """A buyer has written, and the topic is there."""
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    return relay
