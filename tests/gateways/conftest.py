"""The real object store and Temporal server of the test run, Telegram and Avito on a wire, as gateways meet them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from embedded.servers.store import Store
from embedded.stack import Stack
from gateways.avito.client import Avito, AvitoAccount
from gateways.http_outcome import open_client
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.updates import Updates
from tests.gateways import avito_answers
from tests.gateways.bot_answers import TOKEN
from tests.gateways.wire import Wire, serving


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


@pytest.fixture
def temporal_address(stack: Stack) -> str:
    return stack.temporal_address


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serving() as wire:
        yield wire


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as client:
        yield client


@pytest.fixture
def account(wire: Wire, http: httpx.AsyncClient) -> AvitoAccount:
    return Avito(http, wire.base).account(avito_answers.USER, avito_answers.TOKEN)


@pytest.fixture
async def api(wire: Wire) -> AsyncIterator[TelegramApi]:
    api = TelegramApi(wire.base)
    yield api
    await api.close()


@pytest.fixture
def bot(api: TelegramApi) -> TelegramBot:
    return api.bot(TOKEN)


@pytest.fixture(scope="module")
def updates() -> Updates:
    return Updates()
