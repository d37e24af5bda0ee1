"""Runs the product and the floor on one temporary stack."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from documents.contracts.seal import make_self_signed
from embedded.stack import Stack
from supervisor.ports import Reservation

EMAIL, PASSWORD = "manager@example.com", "ChangeMe123"
READY = 60
"""Seconds until both answer."""


@dataclass(frozen=True)
class Addresses:
    """URLs of product and floor, address of Temporal."""

    product: str
    floor: str
    temporal: str


ALL_MAY_SIGN = {"SIGNING_NEEDS_CONFIRMED_PHONE": "false", "REGISTRATIONS_PER_HOUR": "100000"}
"""Thousands of invented clients come from one address, and their confirmations are not measured."""


@contextmanager
def running() -> Iterator[Addresses]:
    """Start the servers, three processes of the product and three of the floor; end them on exit."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        environment = {**os.environ, **stack.environment(), **ALL_MAY_SIGN, "PRIVET_EMBEDDED": "1"}
        stack.seal_path.write_bytes(make_self_signed("bench", environment["SEAL_PASSPHRASE"]))
        for once in (["alembic", "upgrade", "head"], ["worker.seed"]):
            subprocess.run([sys.executable, "-m", *once], env=environment, check=True, stdout=subprocess.DEVNULL)
        ports = Reservation()
        floor_port = ports.take()
        ports.release()
        address = stack.temporal_address
        commands = [
            ["worker"],
            ["worker", "--queue", "documents"],
            ["worker", "--queue", "seal"],
            ["api"],
            ["bench.process", "worker", address],
            ["bench.process", "remote", address],
            ["bench.process", "api", address, str(floor_port)],
        ]
        log = (Path(folder) / "bench.log").open("wb")
        children = [
            subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        addresses = Addresses(f"http://127.0.0.1:{stack.api_port}", f"http://127.0.0.1:{floor_port}", address)
        try:
            _wait(f"{addresses.product}/readyz")
            _wait(f"{addresses.floor}/docs")
            yield addresses
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()
            log.close()


def _wait(url: str) -> None:
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")
