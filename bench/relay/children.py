"""The processes of one contestant: start, kill -9 and restart, CPU time and memory."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import aiohttp
import psutil

from supervisor.command import Command, spawn

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 12.0
"""Seconds between SIGTERM and SIGKILL."""
READY = 60.0
"""Seconds until a server answers."""
LOG_TAIL = 2000
"""Characters of the log in an error."""


class Children:
    """Enter and start in the main thread: children end with the thread that forked them."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.commands: dict[str, tuple[str, ...]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.processes[name].wait(PATIENCE)
            self.kill(name)

    def start(self, name: str, *command: str) -> None:
        """Start a process; a restart needs no command. `python` is the running interpreter."""
        self.commands[name] = command = command or self.commands[name]
        argv = (sys.executable, *command[1:]) if command[0] == "python" else command
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = spawn(Command(argv=argv, env=self.environment, cwd=ROOT), log)

    def kill(self, name: str) -> None:
        """Send SIGKILL to the process and its children."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    async def wait_for(self, http: aiohttp.ClientSession, url: str) -> None:
        """Wait until the URL answers; raises SystemExit when a child has ended or after READY seconds."""
        until = time.monotonic() + READY
        while time.monotonic() < until:
            try:
                async with http.get(url) as answer:
                    if answer.ok:
                        return
            except aiohttp.ClientError:
                pass
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise SystemExit(f"{name} has ended:\n{self._log_of(name)}")
            await asyncio.sleep(0.1)
        raise SystemExit("\n".join([f"{url} does not answer", *map(self._log_of, self.processes)]))

    def _log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-LOG_TAIL:]

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self.processes.items()}


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds of each process with its living children."""
    return {name: sum(_cpu(one) for one in _tree(pid)) for name, pid in pids.items()}


def megabytes(pids: Mapping[str, int]) -> dict[str, float]:
    """Resident memory of each process with its children; shared pages are counted in each."""
    return {name: sum(_rss(one) for one in _tree(pid)) / 2**20 for name, pid in pids.items()}


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
