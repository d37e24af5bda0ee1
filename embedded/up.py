"""`make up`: checks, secrets and the stages of servers, migrations, workers, API and seed."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from embedded import credentials, readyz, report
from embedded.config import UpConfig
from embedded.environment import children_environment, without_seal
from embedded.ports import check_ports
from embedded.seal import make_seal
from embedded.servers.selection import Servers, select_servers
from embedded.web.app import KEEP_GOING
from supervisor.child import Job, Service
from supervisor.command import Command
from supervisor.console import Console
from supervisor.foreground import Foreground
from supervisor.ports import Reservation
from supervisor.stages import Stage

READY_PATIENCE = 120.0
"""Seconds until `/readyz` answers 200 after the last stage."""

WORKER_PATIENCE = 8.5
"""Seconds; a worker ends its activities within 8. With 2.5 for the API and 3 for the servers it stays below 15."""

ROOT = Path(__file__).resolve().parent.parent


async def up(environment: Mapping[str, str], out: int) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP, or until the descriptor `out` has no reader.

    Raises BadSetting, AlreadyRunning, PortsTaken, RuntimeError or TimeoutError.
    """
    began = time.monotonic()
    ports = Reservation()
    config = with_mail(UpConfig.read(environment), ports)
    _make_folder(config.data_dir)

    def plan(console: Console) -> Sequence[Stage]:
        check_ports(config)
        secrets = _secrets(config)
        seal = make_seal(config.data_dir, secrets["SEAL_PASSPHRASE"])
        console.say(f"starting, data in {config.data_dir}")
        servers = select_servers(config, secrets)
        return stages(servers, children_environment(config, servers, secrets, seal, environment))

    await Foreground("privet", config.data_dir, out).run(plan, lambda console: _announce(config, console, began))


def stages(servers: Servers, environment: Mapping[str, str]) -> Sequence[Stage]:
    """Servers, migrations, workers, API and, with the embedded database only, the seed.

    The managers' app is built in the background; the API serves it as soon as it exists.
    """

    others = without_seal(environment)

    def python(*arguments: str, variables: Mapping[str, str] = others) -> Callable[[], Command]:
        return lambda: Command((sys.executable, *arguments), variables, ROOT)

    started = [Service(one.name, one.command, one.prepare, one.wait_ready, 3) for one in servers.started()]
    seed = [Job("seed", python("-m", "worker.seed"))] if servers.postgres else []
    workers = [
        Service("worker", python("-m", "worker"), stop_patience=WORKER_PATIENCE),
        Service("documents", python("-m", "worker", "--queue", "documents"), stop_patience=WORKER_PATIENCE),
        Service(
            "seal", python("-m", "worker", "--queue", "seal", variables=environment), stop_patience=WORKER_PATIENCE
        ),
        Service("conversations", python("-m", "worker", "--queue", "conversations"), stop_patience=WORKER_PATIENCE),
        Service("polling", python("-m", "worker", "--queue", "polling"), stop_patience=WORKER_PATIENCE),
    ]
    return [
        [Job("web", lambda: build_web(environment["DATA_DIR"]), in_background=True)],
        started,
        [Job("migrate", python("-m", "alembic", "upgrade", "head"))],
        workers,
        [Service("api", python("-m", "api"), stop_patience=2.5)],
        seed,  # last, because it runs while workers and API load, which do not need it
    ]


def with_mail(config: UpConfig, ports: Reservation) -> UpConfig:
    """With a port for the sandbox's mail server: the same while this process lives."""
    if config.smtp_port is not None or not (config.plays_telegram or config.plays_avito):
        return config
    return replace(config, smtp_port=ports.take())


def build_web(data_dir: str) -> Command:
    """The build of the managers' app, without secrets: it runs code of other packages."""
    environment = {"DATA_DIR": data_dir, "PYTHONUNBUFFERED": "1"}
    return Command((sys.executable, "-m", "embedded.web", KEEP_GOING), environment, ROOT)


def _secrets(config: UpConfig) -> dict[str, str]:
    return credentials.load_or_generate(config.data_dir / "secrets.json")


def _make_folder(folder: Path) -> None:
    """Others may pass the folder but not read it: PostgreSQL may run below it as another user."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)


async def _announce(config: UpConfig, console: Console, began: float) -> None:
    try:
        await readyz.wait_ready(config.app_url, READY_PATIENCE)
    except TimeoutError as error:
        console.warn(f"{error}. It is kept running; look at the lines above.")
    else:
        servers = select_servers(config, _secrets(config))
        console.raw(report.render(config, servers, time.monotonic() - began, console.is_terminal))
