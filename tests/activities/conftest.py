"""The desk: families of activities over a migrated database, a bucket of the test's own, and a clock that obeys."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from documents.seal import make_self_signed
from domain.crypto import Keyring
from embedded.stack import Stack
from gateways.storage import Storage
from models.database import Sessions
from tests.activities.desk import Desk
from tests.clock import FakeClock
from tests.factories import make_manager


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
