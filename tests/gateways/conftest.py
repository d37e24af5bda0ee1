"""A fake server in the place of Telegram and Avito, and a client for it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from gateways.http_outcome import open_client
from tests.fake_http_server import FakeHttpServer, serving


@pytest.fixture
async def server() -> AsyncIterator[FakeHttpServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as client:
        yield client
