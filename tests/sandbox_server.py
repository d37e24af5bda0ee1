"""The sandbox in the process of the tests, on a free port, with people to play both of its sides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from sandbox.app import create_app
from sandbox.serving import server
from sandbox.world import World

_numbers = count(1)


@dataclass
class Sandbox:
    """`world` is its state object; whatever is asked by `post` and `get` goes through its control API."""

    url: str
    world: World
    http: httpx.AsyncClient
    smtp_port: int = 0

    def now(self) -> datetime:
        """The sandbox's own clock, for the product to go by as well."""
        return datetime.fromtimestamp(self.world.clock(), UTC)

    def advance(self, by: timedelta) -> None:
        self.world.clock.advance(by.total_seconds())

    async def post(self, path: str, /, **body: Any) -> Any:
        answer = await self.http.post(f"/sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        answer = await self.http.get(f"/sandbox{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def fault(self, side: str, fault: str, **more: Any) -> None:
        await self.post("/faults", side=side, fault=fault, **more)

    async def bot(self) -> tuple[int, str, str]:
        """Id, token and name of a bot of its own."""
        number = next(_numbers)
        made = await self.post(
            "/bots", token=f"{2_000_000_000 + number}:sandbox-bot-{number}", username=f"bot{number}_bot"
        )
        return made["id"], made["token"], made["username"]

    async def group(self, token: str) -> int:
        return int((await self.post("/groups", title="Продажи", bot_token=token))["chat_id"])

    def calls(self, part: str) -> list[dict[str, Any]]:
        """Of the journal those whose method or path holds `part`, oldest first."""
        return [call for call in self.world.journal.view() if part in call["path"] or part in call["method"]]

    def clear(self) -> None:
        self.world.faults.clear()
        self.world.journal.clear()


@asynccontextmanager
async def running_sandbox(seed: bool = False) -> AsyncIterator[Sandbox]:
    """Empty, or with what a fresh installation begins with (`seed`)."""
    app = create_app(None, seed, mail=("127.0.0.1", 0))
    running = server(app, "127.0.0.1", 0)
    task = asyncio.create_task(running.serve())
    while not running.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    assert running.started
    url = f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url) as http:
        yield Sandbox(url, app.state.world, http, app.state.mail.port)
    running.should_exit = True
    await task
