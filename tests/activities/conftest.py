"""The desk: families of activities over a migrated database that each test finds empty, a real store, and a clock."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from documents.seal import make_self_signed
from domain.crypto import Keyring
from embedded.stack import Stack
from gateways.storage import Storage
from models.database import Sessions, connect, make_sessions
from tests.clock import FakeClock
from tests.factories import make_manager

pytest.register_assert_rewrite("tests.activities.desk")

from tests.activities import rows  # noqa: E402
from tests.activities.desk import Desk  # noqa: E402


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
