"""A site for each test, on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from embedded.stack import Stack
from tests.api.client.site import NAMESPACE, Site, open_site, settings_of, starting_now
from tests.temporal import namespace_of_tests


@pytest.fixture(scope="session")
async def namespace(stack: Stack) -> None:
    await namespace_of_tests(stack.temporal_address, NAMESPACE)


@pytest.fixture
async def site(stack: Stack, namespace: None, database_url: str) -> AsyncIterator[Site]:
    async with open_site(settings_of(stack, DATABASE_URL=database_url), starting_now()) as opened:
        yield opened
