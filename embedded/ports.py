"""Free ports for tests, and who holds a port that `make up` needs."""

import fcntl
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

import psutil

TEST_PORTS = range(20_000, 32_000)
"""Below the range of outgoing connections, so that none of those takes a port between the check and the start."""


@dataclass(frozen=True)
class Holder:
    """A process that listens on a port; another user's process may be hidden (`pid` None)."""

    port: int
    pid: int | None
    name: str
    is_privet: bool

    def __str__(self) -> str:
        if self.pid is None:
            return f"port {self.port} is held by a process of another user"
        whose = f"{self.name}, pid {self.pid}"
        if self.is_privet:
            return f"port {self.port} is held by another running `make up` of Privet ({whose})"
        return f"port {self.port} is held by {whose}"


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def holder(port: int) -> Holder:
    """Who listens on the port, as far as this user may know."""
    for process in psutil.process_iter():
        try:
            listening = any(
                c.laddr and c.laddr.port == port and c.status == psutil.CONN_LISTEN
                for c in process.net_connections("tcp")
            )
            if listening:
                return Holder(port, process.pid, process.name(), _is_privet(process))
        except psutil.Error:
            continue
    return Holder(port, None, "", is_privet=False)


def _is_privet(process: psutil.Process) -> bool:
    """True for a child of `python -m embedded`, in this checkout or another."""
    line = [process, *process.parents()]
    return any(_command_line(one)[1:3] == ["-m", "embedded"] for one in line)


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


class Reservation:
    """Ports that no other test run on this machine is given as long as this object or its process lives."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.gettempdir()) / f"privet-test-ports-{os.getuid()}"
        self.held: list[IO[str]] = []

    def take(self) -> int:
        self.folder.mkdir(exist_ok=True)
        while True:
            port = secrets.choice(TEST_PORTS)
            if self._lock(port) and is_free(port):
                return port

    def _lock(self, port: int) -> bool:
        file = (self.folder / str(port)).open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self.held.append(file)
        return True

    def release(self) -> None:
        while self.held:
            self.held.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
