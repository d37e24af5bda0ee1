"""People of the whole product that each test process has one of."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.conversation_setup import ConnectedOrganisation
from tests.journeys.http_callers import ManagerApp
from tests.journeys.product import ANNA, Product
from tests.journeys.sandbox_client import SandboxClient


@pytest.fixture
async def manager_app(product: Product) -> AsyncIterator[ManagerApp]:
    """Anna's."""
    async with ManagerApp(product) as manager_app:
        yield await manager_app.log_in(ANNA)


@pytest.fixture
async def organisation(product: Product, sandbox_client: SandboxClient) -> AsyncIterator[ConnectedOrganisation]:
    """Not connected yet; nothing is broken outside, and whatever it is asked is remembered from now on."""
    await sandbox_client.begin()
    async with ConnectedOrganisation(product, sandbox_client) as organisation:
        yield organisation
