"""The real object store of the test run."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from embedded.servers.store import Store
from embedded.stack import Stack
from gateways.storage.client import Storage


@pytest.fixture
def s3(stack: Stack) -> Store:
    return stack.store


@pytest.fixture
async def storage(s3: Store) -> AsyncIterator[Storage]:
    """A bucket of the test's own."""
    storage = Storage(s3.endpoint, s3.access_key, s3.secret_key, f"b-{uuid4()}", s3.region)
    await storage.ensure_bucket()
    yield storage
    storage.close()
