"""`make up` refuses busy ports and a folder in use, and ends with make."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.config import PORTS
from supervisor import lock
from supervisor.ports import Reservation
from tests.supervisor import process
from tests.supervisor.process import PAUSE, PROGRAM, Process, all_gone


@pytest.fixture
def ports() -> Iterator[dict[str, int]]:
    with Reservation() as reservation:
        yield {name: reservation.take() for name in PORTS}


def start_up(folder: Path, ports: dict[str, int]) -> Process:
    variables = {name: str(port) for name, port in ports.items()}
    return process.start({**process.environment(folder), **variables}, (sys.executable, "-m", "embedded"))


def test_a_busy_port_is_refused_before_any_child_starts(tmp_path: Path, ports: dict[str, int]) -> None:
    with socket.create_server(("127.0.0.1", ports["PORT"])):
        up = start_up(tmp_path, ports)
        assert up.wait() == 1
    assert "set PORT to another port" in up.output[-1]
    assert not any("│" in line for line in up.output)


def test_a_second_start_with_the_same_data_names_the_first(tmp_path: Path, ports: dict[str, int]) -> None:
    with lock.hold(tmp_path / "lock"):
        up = start_up(tmp_path, ports)
        assert up.wait() == 1
    assert "`make up` already runs with the data in" in up.output[-1]
    assert "`make down` ends it" in up.output[-1]


def test_sigterm_to_make_alone_ends_all_of_it(tmp_path: Path) -> None:
    variables = process.environment(tmp_path, [[{"name": "one", "script": PAUSE}]])
    make = process.start(variables, ("make", "-o", "install", "up", f"PY={sys.executable} {PROGRAM}"))
    try:
        make.read_until("ready")
        children = make.children()
        make.popen.terminate()
        make.wait()
    finally:
        make.clean_up()
    assert len(children) == 2
    assert all_gone(children)
    assert make.output[-1].endswith("everything has ended, the data stay") or "Terminated" in make.output[-1]
