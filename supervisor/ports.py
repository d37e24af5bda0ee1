"""TCP ports: whether one is free, which process listens on it, and reservations for tests."""

import fcntl
import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import IO, Self

import psutil

TEST_PORTS = range(20_000, 32_000)
"""Below the range of outgoing connections, so that none of those takes a port between the check and the start."""


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def listener(port: int) -> psutil.Process | None:
    """The process that listens on the port; None when there is none or it is hidden from this user."""
    for process in psutil.process_iter():
        try:
            connections = process.net_connections("tcp")
        except psutil.Error:
            continue
        if any(one.laddr and one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in connections):
            return process
    return None


class Reservation:
    """Ports that no other reservation on this machine is given until `release` or the end of this process."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.gettempdir()) / f"reserved-ports-{os.getuid()}"
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
