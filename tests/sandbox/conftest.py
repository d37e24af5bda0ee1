"""A sandbox on a port of its own, empty for each test, with people to play it, and the stand-in for Avito alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from uvicorn import Config, Server

from sandbox.app import create_app
from sandbox.avito import control, routes
from sandbox.avito.state import Avito
from sandbox.faults import Faults
from sandbox.hooks import Hooks
from sandbox.journal import Journal
from sandbox.serving import CuttableProtocol, server
from sandbox.world import World
from tests.sandbox import avito_world
from tests.sandbox.avito_world import Ear, Seller, Stage, StoodClock

TOKEN = "777:sandbox-token"  # a made-up one


async def until(condition: Callable[[], object]) -> None:
    """Lets others work until it holds; the time limit of the tests is the only one."""
    while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
        await asyncio.sleep(0.002)


@dataclass
class Served:
    url: str
    world: World
    http: httpx.AsyncClient
    bot: Bot

    async def post(self, path: str, /, **body: Any) -> Any:
        answer = await self.http.post(f"/sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def fault(self, fault: str, side: str = "telegram", **more: Any) -> None:
        await self.post("/faults", side=side, fault=fault, **more)

    async def group(self, **more: Any) -> int:
        chat_id: int = (await self.post("/groups", title="Продажи", **more))["chat_id"]
        return chat_id


@asynccontextmanager
async def running(started: Server) -> AsyncIterator[str]:
    """The address of a server on a free port."""
    task = asyncio.create_task(started.serve())
    await until(lambda: started.started or task.done())
    assert started.started
    yield f"http://127.0.0.1:{started.servers[0].sockets[0].getsockname()[1]}"
    started.should_exit = True
    await task


@asynccontextmanager
async def served(folder: Path | None = None) -> AsyncIterator[Served]:
    app = create_app(folder, seed=False)
    async with running(server(app, "127.0.0.1", 0)) as url, httpx.AsyncClient(base_url=url) as http:
        session = AiohttpSession(api=TelegramAPIServer.from_base(url), timeout=10)
        yield Served(url, app.state.world, http, Bot(TOKEN, session=session))
        await session.close()


@pytest.fixture(scope="session")
async def shared_sandbox() -> AsyncIterator[Served]:
    async with served() as sandbox:
        yield sandbox


EMPTY: dict[str, Any] = {"bots": [], "groups": [], "privates": [], "files": []}


@pytest.fixture
async def telegram(shared_sandbox: Served) -> AsyncIterator[Served]:
    """One bot that is nowhere yet, and nothing else."""
    world = shared_sandbox.world
    world.telegram.restore(EMPTY)
    world.journal.clear()
    await shared_sandbox.post("/bots", token=TOKEN, username="privet_bot")
    yield shared_sandbox
    world.faults.clear()
    for bot in world.telegram.bots.values():
        world.telegram.updates.set_webhook(bot, None)


@dataclass
class Ears:
    """A webhook's end: what came, in order; answers as told."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Answers of the next calls; 200 after them."""
    open: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: dict[Any, int] = field(default_factory=dict)
    most_at_once: dict[Any, int] = field(default_factory=dict)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.json()
        chat = body.get("message", body).get("chat", {}).get("id")
        self.at_once[chat] = self.at_once.get(chat, 0) + 1
        self.most_at_once[chat] = max(self.most_at_once.get(chat, 0), self.at_once[chat])
        await self.open.wait()
        self.at_once[chat] -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.heard.append(body)
            self.headers.append(dict(request.headers))
        await Response(status_code=status)(scope, receive, send)


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    listening = Ears()
    listening.open.set()
    config = Config(listening, host="127.0.0.1", port=0, lifespan="off", log_level="warning", access_log=False)
    async with running(Server(config)) as url:
        listening.url = url
        yield listening


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    config = uvicorn.Config(stage, "127.0.0.1", 0, http=CuttableProtocol, lifespan="off", log_level="warning")
    config.load()
    running = uvicorn.Server(config)
    running.lifespan = config.lifespan_class(config)
    await running.startup()
    host, port = running.servers[0].sockets[0].getsockname()
    stage.origin = f"http://{host}:{port}"
    yield stage
    await running.shutdown()


@pytest.fixture
async def world(stage: Stage) -> AsyncIterator[avito_world.World]:
    clock, faults, ear = StoodClock(), Faults(), Ear()
    hooks = Hooks(faults)
    avito = Avito(faults, Journal(clock), hooks, clock)
    changes: list[None] = []
    app = FastAPI()
    for part in (routes, control):
        app.include_router(part.build(avito, lambda: changes.append(None)))
    app.add_api_route("/ear", ear.listen, methods=["POST"])
    stage.app = app
    async with httpx.AsyncClient(base_url=stage.origin, trust_env=False, verify=False) as http:
        yield avito_world.World(avito, faults, clock, http, ear, stage.origin, changes)
    await hooks.close()


@pytest.fixture
async def seller(world: avito_world.World) -> Seller:
    return await world.seller(name="Веломир")
