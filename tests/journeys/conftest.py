"""One whole product for each test process."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.journeys.people import Office
from tests.journeys.product import ANNA, Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture
async def office(product: Product) -> AsyncIterator[Office]:
    """Anna's."""
    async with Office(product) as office:
        yield await office.log_in(ANNA)
