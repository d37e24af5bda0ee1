"""One whole product for each test process."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.journeys.outside import Outside
from tests.journeys.people import Office
from tests.journeys.product import ANNA, Product
from tests.journeys.talk import Shop


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture
async def office(product: Product) -> AsyncIterator[Office]:
    """Anna's."""
    async with Office(product) as office:
        yield await office.log_in(ANNA)


@pytest.fixture(scope="session")
async def outside(product: Product) -> AsyncIterator[Outside]:
    """Telegram and Avito, played by the sandbox."""
    async with Outside(product.stack.sandbox.url) as outside:
        yield outside


@pytest.fixture
async def shop(product: Product, outside: Outside) -> AsyncIterator[Shop]:
    """Not connected yet; nothing is broken outside, and whatever it is asked is remembered from now on."""
    await outside.begin()
    async with Shop(product, outside) as shop:
        yield shop
