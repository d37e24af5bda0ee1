"""Temporary PostgreSQL, Temporal and object store for tests, on free ports with their own folder."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

from embedded import credentials
from embedded.servers.postgres import Postgres
from embedded.servers.sandbox import MAIL_FROM, MASTER_BOT, SMS_KEY, Sandbox
from embedded.servers.selection import Server
from embedded.servers.store import Store
from embedded.servers.temporal import Temporal
from supervisor.command import spawn
from supervisor.ports import Reservation

Answer = TypeVar("Answer")

PATIENCE = 60.0
"""Seconds until the servers answer, on a loaded machine with two cores."""


class Stack:
    """`with Stack(folder) as stack:`; servers are killed and restarted by name, data and addresses stay.

    Every method blocks, also under a running event loop. The entering thread must outlive the stack.
    """

    def __init__(self, folder: Path, *, sandbox: bool = False) -> None:
        self.folder = folder
        self.ports = Reservation()
        self.secrets = credentials.generate()
        self.api_port = self.ports.take()
        self.postgres = Postgres(folder, self.ports.take(), self.secrets["POSTGRES_PASSWORD"], durable=False)
        self.temporal = Temporal(folder, self.ports.take(), self.ports.take(), durable=False)
        self.store = Store(folder, self.ports.take(), self.secrets["S3_ACCESS_KEY"], self.secrets["S3_SECRET_KEY"])
        self.servers: dict[str, Server] = {server.name: server for server in (self.postgres, self.temporal, self.store)}
        self.sandbox = Sandbox(folder / "sandbox", self.ports.take(), seed=False, smtp_port=self.ports.take())
        if sandbox:
            self.servers[self.sandbox.name] = self.sandbox
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def temporal_address(self) -> str:
        return self.temporal.address

    def environment(self) -> dict[str, str]:
        """Every variable of API and workers, and of the sealing process: see `without_seal`.

        The caller creates the seal key at `seal_path` if it is used.
        """
        secrets = {name: value for name, value in self.secrets.items() if name != "POSTGRES_PASSWORD"}
        return {
            **secrets,
            "HOST": "127.0.0.1",
            "PORT": str(self.api_port),
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "TEMPORAL_ADDRESS": self.temporal_address,
            "TEMPORAL_NAMESPACE": self.temporal.namespace,
            "TEMPORAL_UI_PORT": str(self.temporal.ui_port),
            "S3_ENDPOINT": self.store.endpoint,
            "S3_PUBLIC_ENDPOINT": self.store.endpoint,
            "S3_BUCKET": self.store.bucket,
            "S3_REGION": self.store.region,
            "S3_UPLOADS": "auto",
            "SEAL_PKCS12_PATH": str(self.seal_path),
            "WEBHOOK_BASE_URL": f"http://127.0.0.1:{self.api_port}",
            "TELEGRAM_API_BASE": self.sandbox.url,
            "AVITO_API_BASE": self.sandbox.url,
            "TSA_URL": f"{self.sandbox.url}/tsa",
            "MASTER_BOT_TOKEN": MASTER_BOT,
            "SMS_API_BASE": self.sandbox.url,
            "SMS_API_KEY": SMS_KEY,
            "SMTP_URL": self.sandbox.smtp_url or "",
            "MAIL_FROM": MAIL_FROM,
            "BUSINESS_TIMEZONE": "Europe/Moscow",
        }

    @property
    def seal_path(self) -> Path:
        return self.folder / "seal.p12"

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor() as threads:
                list(threads.map(lambda server: server.prepare(), self.servers.values()))
            self._spawn(*self.servers)
            self._wait(*self.servers)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str) -> None:
        """Start a server that was killed and wait until it answers."""
        self.servers[name].prepare()
        self._spawn(name)
        self._wait(name)

    def kill(self, name: str) -> None:
        """Send SIGKILL to the server and its children."""
        child = self.children.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def stop(self) -> None:
        for name in list(self.children):
            self.kill(name)
        self.ports.release()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create an empty database or a copy of `template`, which must have no connections; returns its URL."""
        return _blocking(self.postgres.create_database(name, template))

    def drop_database(self, name: str) -> None:
        _blocking(self.postgres.drop_database(name))

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _spawn(self, *names: str) -> None:
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.children[name] = spawn(self.servers[name].command(), log)

    def _wait(self, *names: str) -> None:
        async def all_ready() -> None:
            await asyncio.gather(*(self._ready_or_dead(name) for name in names))

        _blocking(all_ready())

    async def _ready_or_dead(self, name: str) -> None:
        waiting = asyncio.ensure_future(self.servers[name].wait_ready(PATIENCE))
        while not waiting.done():
            if (code := self.children[name].poll()) is not None:
                waiting.cancel()
                raise RuntimeError(f"{name} ended with code {code}:\n{self.log_of(name)[-2000:]}")
            await asyncio.wait([waiting], timeout=0.1)
        await waiting


def _blocking(work: Coroutine[None, None, Answer]) -> Answer:
    """Run the coroutine in a new event loop of another thread, because this thread may have a running one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
