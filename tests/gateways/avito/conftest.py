"""An account of Avito at the fake server."""

import httpx
import pytest

from gateways.avito.client import Avito, AvitoAccount
from tests.fake_http_server import FakeHttpServer
from tests.gateways.avito import answers


@pytest.fixture
def account(server: FakeHttpServer, http: httpx.AsyncClient) -> AvitoAccount:
    return Avito(http, server.base).account(answers.USER, answers.TOKEN)
