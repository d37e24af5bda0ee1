"""People of the whole product that each test process has one of."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.conversation_setup import ConnectedOrganisation
from tests.journeys.http_callers import ManagerApp
from tests.journeys.product import ANNA, Product
from tests.journeys.sandbox_client import SandboxClient


@pytest.fixture
async def office(product: Product) -> AsyncIterator[ManagerApp]:
    """Anna's."""
    async with ManagerApp(product) as office:
        yield await office.log_in(ANNA)


@pytest.fixture
async def shop(product: Product, outside: SandboxClient) -> AsyncIterator[ConnectedOrganisation]:
    """Not connected yet; nothing is broken outside, and whatever it is asked is remembered from now on."""
    await outside.begin()
    async with ConnectedOrganisation(product, outside) as shop:
        yield shop
