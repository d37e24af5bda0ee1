"""`make up`, put together: checks, secrets, parts, migrations, seed, workers, API."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from embedded import lock, made, ports, readyz, report, web
from embedded.child import Backoff, Job, Service
from embedded.command import Command
from embedded.config import UpConfig
from embedded.console import Console
from embedded.leftovers import RunRecord
from embedded.parts import Parts, children_environment, embedded_parts
from embedded.seal import make_seal
from embedded.supervisor import Stage, Supervisor

READY_PATIENCE = 120.0
"""Seconds for `/readyz` after everything is started."""

WORKER_PATIENCE = 8.5
"""Seconds; a worker gives 8 to what it is doing. With 2.5 for the API and 3 for the servers it stays below 15."""

ROOT = Path(__file__).resolve().parent.parent


class CannotStart(Exception):
    """The text says what to do about it."""


Plan: TypeAlias = Callable[[Parts, Mapping[str, str]], Sequence[Stage]]


@dataclass(frozen=True)
class Prepared:
    """Everything that is known before the first child starts."""

    config: UpConfig
    parts: Parts
    environment: Mapping[str, str]


async def up(environment: Mapping[str, str], out: int, plan: Plan | None = None) -> None:
    """Run until a signal or until nobody reads the output.

    Raises BadSetting, AlreadyRunning, CannotStart, RuntimeError or TimeoutError, each with a text for the terminal.
    """
    began = time.monotonic()
    config = UpConfig.read(environment)
    _make_folder(config.data_dir)
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    with lock.hold(config.data_dir / "lock"):
        console = Console(out, lambda: _from_thread(loop, stopped.set))
        try:
            record = RunRecord(config.data_dir / "run.json")
            prepared = prepare(config, record, console, environment)
            children = (plan or stages)(prepared.parts, prepared.environment)
            supervisor = Supervisor(children, console, record, Backoff())
            _listen_to_signals(loop, supervisor)
            lost = asyncio.create_task(_stop_when(stopped, supervisor))
            await supervisor.run(lambda: _announce(prepared, console, began))
            lost.cancel()
            console.say("everything has ended, the data stay")
        finally:
            console.close()


def prepare(config: UpConfig, record: RunRecord, console: Console, environment: Mapping[str, str]) -> Prepared:
    """Clear what a killed start left, check the ports, make the secrets once."""
    for name in record.end_leftovers():
        console.warn(f"{name} was left running by a start that was killed; it is ended now")
    check_ports(config)
    secrets = made.kept(config.data_dir / "secrets.json")
    parts = embedded_parts(config, secrets)
    seal = make_seal(config.data_dir, secrets["SEAL_PASSPHRASE"])
    console.say(f"starting, data in {config.data_dir}")
    return Prepared(config, parts, children_environment(config, parts, secrets, seal, environment))


def stages(parts: Parts, environment: Mapping[str, str]) -> Sequence[Stage]:
    """Servers, then migrations, then workers, the API and (embedded database only) the seed, which end in reverse.

    The managers' app is built meanwhile; the API serves it as soon as it is there.
    """

    def python(*arguments: str) -> Callable[[], Command]:
        return lambda: Command((sys.executable, *arguments), environment, ROOT)

    servers = [Service(part.name, part.command, part.prepare, part.wait_ready, 3) for part in parts.started()]
    seed = [Job("seed", python("-m", "worker.seed"))] if parts.postgres else []
    workers = [
        Service("worker", python("-m", "worker"), stop_patience=WORKER_PATIENCE),
        Service("documents", python("-m", "worker", "--queue", "documents"), stop_patience=WORKER_PATIENCE),
        Service("conversations", python("-m", "worker", "--queue", "conversations"), stop_patience=WORKER_PATIENCE),
    ]
    return [
        [Job("web", lambda: web_app(environment["DATA_DIR"]), meanwhile=True)],
        servers,
        [Job("migrate", python("-m", "alembic", "upgrade", "head"))],
        workers,
        [Service("api", python("-m", "api"), stop_patience=2.5)],
        seed,  # last, because it runs while the others load; they need nothing of it
    ]


def web_app(data_dir: str) -> Command:
    """With none of our secrets: what packages of others do while they build is theirs."""
    quietly = {"DATA_DIR": data_dir, "PYTHONUNBUFFERED": "1"}
    return Command((sys.executable, "-m", "embedded.web", web.KEEP_GOING), quietly, ROOT)


def check_ports(config: UpConfig) -> None:
    """Raises CannotStart that names every busy port, its holder and the variable that moves it."""
    busy = [(name, port) for name, port in config.needed_ports().items() if not ports.is_free(port, config.host)]
    if busy:
        lines = [f"  {ports.holder(port)}; end it or set {name} to another port" for name, port in busy]
        raise CannotStart("\n".join(["Some ports are taken:", *lines]))


def _make_folder(folder: Path) -> None:
    """Passable but not readable by others: below it PostgreSQL may run as another user, who gets one folder."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)


def _listen_to_signals(loop: asyncio.AbstractEventLoop, supervisor: Supervisor) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.stop)


async def _stop_when(stopped: asyncio.Event, supervisor: Supervisor) -> None:
    await stopped.wait()
    supervisor.stop()


async def _announce(prepared: Prepared, console: Console, began: float) -> None:
    config = prepared.config
    try:
        await readyz.wait_ready(config.app_url, READY_PATIENCE)
    except TimeoutError as error:
        console.warn(f"{error}. It is kept running; look at the lines above.")
    else:
        console.raw(report.render(config, prepared.parts, time.monotonic() - began, console.is_terminal))


def _from_thread(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop may have ended before the reader went away
        loop.call_soon_threadsafe(call)
