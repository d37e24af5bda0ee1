"""People of the whole product that each test process has one of."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.outside import Outside
from tests.journeys.people import Office
from tests.journeys.product import ANNA, Product
from tests.journeys.talk import Shop


@pytest.fixture
async def office(product: Product) -> AsyncIterator[Office]:
    """Anna's."""
    async with Office(product) as office:
        yield await office.log_in(ANNA)


@pytest.fixture
async def shop(product: Product, outside: Outside) -> AsyncIterator[Shop]:
    """Not connected yet; nothing is broken outside, and whatever it is asked is remembered from now on."""
    await outside.begin()
    async with Shop(product, outside) as shop:
        yield shop
