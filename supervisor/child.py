"""A child process: started, its output forwarded, restarted after its death, and ended."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psutil

from supervisor.command import Command
from supervisor.console import Console

LINE_LIMIT = 1 << 20
"""Bytes; a longer line of output is split."""


@dataclass(frozen=True)
class Backoff:
    """Seconds before a restart: doubled with each death, back to `first` after a run longer than `steady`."""

    first: float = 0.5
    longest: float = 15.0
    steady: float = 30.0

    def pause(self, deaths: int) -> float:
        return float(min(self.first * 2 ** min(deaths - 1, 20), self.longest))


def _nothing() -> None:
    return None


async def _at_once(_patience: float) -> None:
    return None


@dataclass(frozen=True)
class Service:
    """A process that is kept running: `prepare` precedes every start, `wait_ready` returns when it can be used."""

    name: str
    command: Callable[[], Command]
    prepare: Callable[[], None] = _nothing
    wait_ready: Callable[[float], Awaitable[None]] = _at_once
    stop_patience: float = 4.0
    """Seconds between the stop signal and SIGKILL."""


@dataclass(frozen=True)
class Job:
    """A process that runs once and must succeed."""

    name: str
    command: Callable[[], Command]
    in_background: bool = False
    """Later stages do not wait for it; the report that everything is up does."""


@dataclass(frozen=True)
class Started:
    """A process by number and start time; numbers alone are reused."""

    name: str
    pid: int
    created: float


class Child:
    """Runs one service or job; `changed` is called with every new process."""

    def __init__(
        self, service: Service | Job, console: Console, backoff: Backoff, changed: Callable[[Started], None]
    ) -> None:
        self.service, self.console, self.backoff, self.changed = service, console, backoff, changed
        self.process: asyncio.subprocess.Process | None = None
        self.reading: asyncio.Task[None] | None = None
        self.stop_signal = signal.SIGTERM
        self.stopping = asyncio.Event()
        self.deaths = 0

    async def keep_running(self, service: Service) -> None:
        """Start the service, and again after each death; returns after `stop` only."""
        while not self.stopping.is_set():
            await asyncio.to_thread(service.prepare)
            if self.stopping.is_set():
                return
            began = time.monotonic()
            code = await self._run_once()
            if self.stopping.is_set():
                return
            self.deaths = 1 if time.monotonic() - began > self.backoff.steady else self.deaths + 1
            pause = self.backoff.pause(self.deaths)
            self.console.warn(f"{service.name} died ({describe(code)}), starting it again in {pause:g} s")
            await asyncio.sleep(pause)

    async def run_to_end(self) -> None:
        """Run the job once; raises RuntimeError when it fails."""
        code = await self._run_once()
        if code and not self.stopping.is_set():
            raise RuntimeError(f"{self.service.name} failed ({describe(code)})")

    async def stop(self, patience: float) -> None:
        """Send the stop signal, after `patience` seconds SIGKILL the process group; safe to call twice."""
        self.stopping.set()
        process = self.process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.stop_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), patience)
        if process.returncode is None:
            self.console.warn(f"{self.service.name} did not end within {patience:g} s and is killed")
        end_group(process.pid)
        await process.wait()
        await self._read_rest()

    async def _run_once(self) -> int:
        command = self.service.command()
        process, output = await _start(command)
        self.process, self.stop_signal = process, command.stop_signal
        self.reading = asyncio.create_task(self._forward(output))
        with contextlib.suppress(psutil.NoSuchProcess):
            self.changed(Started(self.service.name, process.pid, psutil.Process(process.pid).create_time()))
        code = await process.wait()
        end_group(process.pid)
        await self._read_rest()
        return code

    async def _read_rest(self) -> None:
        """Read the remaining output for a second at most: a grandchild outside the group may hold the pipe open."""
        if self.reading is None:
            return
        await asyncio.wait([self.reading], timeout=1)
        self.reading.cancel()

    async def _forward(self, output: asyncio.StreamReader) -> None:
        rest = b""
        while chunk := await output.read(1 << 16):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._print(line)
            if len(rest) > LINE_LIMIT:
                self._print(rest)
                rest = b""
        if rest:
            self._print(rest)

    def _print(self, line: bytes) -> None:
        self.console.line(self.service.name, line.decode(errors="replace").rstrip())


async def _start(command: Command) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader]:
    """Start with an own pipe: with asyncio's, a dead process counts as alive while a grandchild holds the pipe."""
    reading, writing = os.pipe()
    output = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb")
    )
    try:
        process = await asyncio.create_subprocess_exec(
            *command.guarded(),
            env=command.environment(),
            cwd=command.cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            process_group=0,
        )
    finally:
        os.close(writing)
    return process, output


def end_group(group: int) -> None:
    """Send SIGKILL to the remaining members of a process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def describe(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
