"""A second manager beside the first."""

from collections.abc import AsyncIterator

import pytest

from tests.api.shared_api import Staff


@pytest.fixture
async def boris(anna: Staff) -> AsyncIterator[Staff]:
    boris = await anna.colleague(name="Борис")
    yield boris
    await boris.http.aclose()
