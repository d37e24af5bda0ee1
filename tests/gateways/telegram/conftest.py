"""A bot of Telegram at the fake server, and the reader of its updates."""

from collections.abc import AsyncIterator

import pytest

from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.updates import Updates
from tests.fake_http_server import FakeHttpServer
from tests.gateways.telegram.answers import TOKEN


@pytest.fixture
async def api(server: FakeHttpServer) -> AsyncIterator[TelegramApi]:
    api = TelegramApi(server.base)
    yield api
    await api.close()


@pytest.fixture
def bot(api: TelegramApi) -> TelegramBot:
    return api.bot(TOKEN)


@pytest.fixture(scope="module")
def updates() -> Updates:
    return Updates()
