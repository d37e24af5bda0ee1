"""The API on a port of its own, over a database of the test's own."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import uvicorn
from httpx import AsyncClient

from api.machines.live import Live
from embedded.stack import Stack
from models import Manager
from tests.api.machines.live.event_stream import PATIENCE
from tests.api.machines.live.organisation_rows import OrganisationRows, make_organisation
from tests.api.own_api import OwnApi, open_api, settings_of, starting_now
from tests.factories import session_of


@dataclass
class Served:
    """The API on a port of its own."""

    own_api: OwnApi
    url: str

    @property
    def live(self) -> Live:
        return self.own_api.context.live

    def token(self, manager: Manager) -> str:
        return self.own_api.context.manager_tokens.issue(manager.id, session_of(manager))

    async def metric(self, name: str) -> float:
        async with AsyncClient(timeout=PATIENCE) as http:
            page = (await http.get(f"{self.url}/metrics")).text
        found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
        return float(found[1]) if found else 0.0

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 - a metric has no event
                await asyncio.sleep(0.01)

    async def listens(self) -> bool:
        return self.live.listens


@pytest.fixture
async def served(stack: Stack, database_url: str) -> AsyncIterator[Served]:
    async with open_api(settings_of(stack, DATABASE_URL=database_url), starting_now()) as own_api:
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(own_api.app, lifespan="off", log_config=None, http="httptools"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        served = Served(own_api, f"http://127.0.0.1:{listening.getsockname()[1]}")
        await served.until(served.listens)
        yield served
        own_api.context.live.end()
        server.should_exit = True
        await serving


@pytest.fixture
async def rows(served: Served) -> OrganisationRows:
    return await make_organisation(served.own_api.sessions, served.own_api.keyring)
