"""The product as a contestant: API and the worker of conversations, connected through its API."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bench.product import EMAIL, PASSWORD
from bench.relay.children import Children
from bench.relay.sandbox import Room
from documents.contracts.seal import make_self_signed
from embedded.stack import Stack

READY = 60.0
SETTLED = 2.0
"""Seconds between checks of the webhook, and from it to the end of the first sweep."""


def environment_of(stack: Stack) -> dict[str, str]:
    """Migrate and seed the database; returns the environment, without a limit of sends."""
    environment = {**stack.environment(), "PRIVET_EMBEDDED": "1", "TELEGRAM_GROUP_PER_MINUTE": "0"}
    stack.seal_path.write_bytes(make_self_signed("bench", environment["SEAL_PASSPHRASE"]))
    for once in (("alembic", "upgrade", "head"), ("worker.seed",)):
        command = [sys.executable, "-m", *once]
        subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
    return environment


class Api:
    """Requests of the organisation's owner to the product."""

    def __init__(self, http: aiohttp.ClientSession, root: str) -> None:
        self.http, self.root = http, root
        self.token = ""

    async def log_in(self) -> None:
        self.token = (await self.call("POST", "/api/auth/login", {"email": EMAIL, "password": PASSWORD}))[
            "access_token"
        ]

    async def connect(self, room: Room) -> tuple[str, str]:
        """Connect bot and account of the room, wait for the webhook; returns both ids."""
        bot = await self.call("POST", "/api/bots/", {"token": room.bot_token, "group_chat_id": room.group})
        account = await self.call(
            "POST",
            "/api/avito/accounts",
            {"api_client_id": room.client_id, "api_client_secret": room.client_secret, "bot_id": bot["id"]},
        )
        async with asyncio.timeout(READY):
            while True:
                await asyncio.sleep(SETTLED)
                if await self._has_webhook(account["id"]):
                    break
        await asyncio.sleep(SETTLED)
        return bot["id"], account["id"]

    async def disconnect(self, bot_id: str, account_id: str) -> None:
        await self.call("DELETE", f"/api/avito/accounts/{account_id}")
        await self.call("DELETE", f"/api/bots/{bot_id}")

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(method, self.root + path, json=body, headers=headers) as answer:
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json() if answer.content_length != 0 and answer.status != 204 else None

    async def _has_webhook(self, account_id: str) -> bool:
        accounts = await self.call("GET", "/api/avito/accounts")
        return any(one["id"] == account_id and one["webhook_enabled"] for one in accounts)


@dataclass(frozen=True)
class ServingProduct:
    children: Children
    stack: Stack
    api: Api

    def kill_worker(self) -> None:
        self.children.kill("worker")

    def start_worker(self) -> None:
        self.children.start("worker")

    def pids(self) -> Mapping[str, int]:
        servers = {name: self.stack.children[name].pid for name in ("postgres", "temporal")}
        return {**self.children.pids(), **servers}


class Product:
    name = "Privet"

    def __init__(self, http: aiohttp.ClientSession, stack: Stack, environment: Mapping[str, str], folder: Path) -> None:
        self.http, self.stack, self.environment, self.folder = http, stack, environment, folder

    @asynccontextmanager
    async def serving(self, room: Room) -> AsyncIterator[ServingProduct]:
        """Run worker and API; topics are created with the first message of each chat."""
        with Children(self.folder / f"product-{room.user_id}", self.environment) as children:
            children.start("worker", "python", "-m", "worker", "--queue", "conversations")
            children.start("api", "python", "-m", "api")
            api = Api(self.http, f"http://127.0.0.1:{self.stack.api_port}")
            await children.wait_for(self.http, f"{api.root}/readyz")
            await api.log_in()
            bot_id, account_id = await api.connect(room)
            yield ServingProduct(children, self.stack, api)
            await api.disconnect(bot_id, account_id)
