"""Open pages do not keep a server from ending."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

from httpx import AsyncClient, TransportError

from api.machines.tokens import manager_tokens
from domain.kernel.clock import utc_now
from embedded.seal import make_seal
from embedded.stack import Stack
from models.kernel.database import Sessions
from tests.api.machines.live.event_stream import PATIENCE, opened
from tests.api.own_api import settings_of
from tests.factories import make_manager, session_of


async def test_a_server_that_is_told_to_stop_says_goodbye_to_open_pages_and_is_gone_at_once(
    stack: Stack, database_url: str, sessions: Sessions
) -> None:
    manager = await make_manager(sessions)
    settings = settings_of(stack, DATABASE_URL=database_url)
    make_seal(stack.folder, stack.secrets["SEAL_PASSPHRASE"])
    environment = {**os.environ, **stack.environment(), "DATABASE_URL": database_url}
    url = f"http://127.0.0.1:{stack.api_port}"
    with ExitStack() as ends:
        server = subprocess.Popen([sys.executable, "-m", "api"], env=environment)  # noqa: ASYNC220
        ends.callback(server.kill)
        await _answers(url)
        token = manager_tokens(settings, utc_now).issue(manager.id, session_of(manager))
        async with opened(url, token) as page, opened(url, token) as other:
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            assert await page.heard_until("end") == ["bye", "end"]
            assert await other.heard_until("end") == ["bye", "end"]
            code = await asyncio.to_thread(server.wait, PATIENCE)
            assert (code, time.monotonic() - began < 3) == (-signal.SIGTERM, True)


async def _answers(url: str) -> None:
    async with AsyncClient() as http, asyncio.timeout(3 * PATIENCE):
        while True:
            with suppress(TransportError):
                if (await http.get(f"{url}/healthz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
