"""The whole product as it is run: servers, API, workers and the sandbox as processes that can be killed by name."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import asyncpg
import httpx

from domain.kernel.clock import utc_now
from embedded.environment import without_seal
from embedded.seal import make_seal
from embedded.servers.sandbox import MASTER_BOT
from embedded.stack import Stack
from models.kernel.database import connect, make_sessions
from supervisor.command import Command, spawn
from tests import database
from worker.managers import NewManager, add_manager

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 90.0
"""Seconds until a part answers, on a loaded machine."""

PAUSE: Final = 0.05
"""Seconds between two looks."""

READY: Final = "worker is ready"
PROGRAMS: Final = {
    "api": ("-m", "api"),
    "worker": ("-m", "worker"),
    "documents": ("-m", "worker", "--queue", "documents"),
    "seal": ("-m", "worker", "--queue", "seal"),
    "conversations": ("-m", "worker", "--queue", "conversations"),
    "polling": ("-m", "worker", "--queue", "polling"),
}
SERVERS: Final = ("postgres", "temporal", "store")
SANDBOX: Final = "sandbox"
"""Telegram and Avito: a part like the servers, but what it forgets when it is killed nobody gives back."""

PARTS: Final = ("api", "worker", "documents", "seal", *SERVERS)
"""All that an onboarding stands on, and that can die meanwhile."""

HURRY: Final = {"AVITO_SWEEP_SECONDS": "2", "REGISTRATIONS_PER_HOUR": "1000"}
"""What differs from a product at rest: nobody waits half a minute for a lost webhook to be noticed, and all people
come from one address."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Staff:
    """Who may log in as a manager of this product."""

    email: str
    name: str
    password: str = "ЯблокоГруша-77"
    admin: bool = False


ANNA: Final = Staff("anna@example.com", "Анна Первая")
BORIS: Final = Staff("boris@example.com", "Борис Второй")
OPERATOR: Final = Staff("operator@example.com", "Ольга Оператор", admin=True)


class Product:
    """`with Product(folder) as product:`, in a thread that outlives it (the main one)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = Stack(folder, sandbox=True)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: list[str] = []
        """Parts that ended by themselves and were started again, as `make up` and every other supervisor does."""

        self.hands = ThreadPoolExecutor(1)
        """Kills and restarts, one after the other: the kernel ends a child with the thread that started it."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stack.api_port}"

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _begin(self) -> None:
        self.stack.__enter__()
        # Known to Telegram before our processes ask for it.
        bot = {"token": MASTER_BOT, "username": "privet_master_bot"}
        httpx.post(f"{self.stack.sandbox.url}/sandbox/bots", json=bot, trust_env=False).raise_for_status()
        make_seal(self.folder, self.stack.secrets["SEAL_PASSPHRASE"])
        database.upgrade(self.stack.owner_url)
        _blocking(self._hire(ANNA, BORIS, OPERATOR))
        for name in PROGRAMS:
            self._spawn(name)
        for name in PROGRAMS:
            self._wait(name)
        _blocking(self.ready())

    async def _hire(self, *staff: Staff) -> None:
        engine = connect(self.stack.database_url, pool_size=1)
        for one in staff:
            await add_manager(
                make_sessions(engine), NewManager(one.email, one.name, one.password, one.admin), utc_now()
            )
        await engine.dispose()

    def stop(self) -> None:
        for process in self.processes.values():
            _end(process)
        self.processes.clear()
        self.stack.stop()
        self.hands.shutdown()

    # One part.

    def kill(self, name: str) -> None:
        """`kill -9`."""
        if name not in PROGRAMS:
            self.stack.kill(name)
        else:
            _end(self.processes.pop(name))

    def start(self, name: str) -> None:
        """Start a part that was killed, and wait until it answers."""
        if name not in PROGRAMS:
            self.stack.start(name)
        else:
            self._spawn(name)
            self._wait(name)

    async def do(self, work: Callable[[str], None], name: str) -> None:
        """`kill` or `start` while the event loop goes on."""
        await asyncio.get_running_loop().run_in_executor(self.hands, work, name)

    def _spawn(self, name: str) -> None:
        own = self.stack.environment()
        given = own if name == "seal" else without_seal(own)
        environment = {**given, **HURRY, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        # Not in the checkout: a developer's .env is none of the tests' business.
        command = Command((sys.executable, *PROGRAMS[name]), environment, self.folder)
        with self.log(name).open("ab") as log:
            log.write(f"--- start of {name}\n".encode())
            self.processes[name] = spawn(command, log)

    def _wait(self, name: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._answers(name):
            if self.processes[name].poll() is not None:
                raise RuntimeError(f"{name} ended by itself:\n{self.log_of(name)[-3000:]}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} is not ready after {PATIENCE} s:\n{self.log_of(name)[-3000:]}")
            time.sleep(PAUSE)

    def _answers(self, name: str) -> bool:
        if name != "api":
            return READY in self.log_of(name).rpartition(f"--- start of {name}\n")[2]
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    # The whole.

    async def ready(self) -> None:
        """Until `/readyz` says so; what ended by itself is started again. `TimeoutError` with what is missing."""
        missing = "no answer"
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=10) as http:
            try:
                async with asyncio.timeout(PATIENCE):
                    while True:
                        self._revive()
                        try:
                            answer = await http.get("/readyz")
                        except httpx.TransportError as error:
                            missing = type(error).__name__
                        else:
                            if answer.status_code == 200:
                                return
                            missing = answer.text
                        await asyncio.sleep(PAUSE)
            except TimeoutError as error:
                raise TimeoutError(f"not ready after {PATIENCE} s: {missing}") from error

    def _revive(self) -> None:
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.deaths.append(f"{name} with {process.returncode}")
                del self.processes[name]
                self.hands.submit(self._spawn, name).result()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def log_of(self, name: str) -> str:
        return self.log(name).read_text(errors="replace") if self.log(name).exists() else ""

    async def rows(self, query: str, *values: object) -> list[Any]:
        """What the database says; on a connection of its own, because the server may have been killed meanwhile."""
        connection = await asyncpg.connect(self.stack.owner_url.replace("+asyncpg", ""), timeout=10)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    async def value(self, query: str, *values: object) -> Any:
        [row] = await self.rows(query, *values)
        return row[0]


async def eventually(
    check: Callable[[], Awaitable[Result | None]], what: str, patience: float = PATIENCE, pause: float = PAUSE
) -> Result:
    """What `check` answers, as soon as it is something; `TimeoutError` that says what never came."""
    try:
        async with asyncio.timeout(patience):
            while True:
                if found := await check():
                    return found
                await asyncio.sleep(pause)
    except TimeoutError as error:
        raise TimeoutError(f"{what}: not within {patience:g} s") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _blocking(work: Coroutine[None, None, None]) -> None:
    """In an event loop of its own, whether or not this thread has one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
