"""A busy port is reported with its holder and its variable."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.config import BadSetting, UpConfig
from embedded.ports import PortsTaken, check_ports, describe_holder
from supervisor.ports import Reservation

LISTENS = """
import socket, signal, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[-1])))
print("listens", flush=True)
signal.pause()
"""


@pytest.fixture
def reserved() -> Iterator[Reservation]:
    with Reservation() as reservation:
        yield reservation


def config(reserved: Reservation, **variables: str) -> UpConfig:
    free = {name: str(reserved.take()) for name in ("PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT", "S3_PORT")}
    return UpConfig.read({**free, "POSTGRES_PORT": str(reserved.take()), **variables})


def test_free_ports_are_accepted(reserved: Reservation) -> None:
    check_ports(config(reserved))


def test_every_busy_port_is_named_with_its_holder_and_variable(reserved: Reservation) -> None:
    wanted = config(reserved)
    with (
        socket.create_server(("127.0.0.1", wanted.ports["S3_PORT"])),
        socket.create_server(("127.0.0.1", wanted.ports["TEMPORAL_UI_PORT"])),
        pytest.raises(PortsTaken) as refusal,
    ):
        check_ports(wanted)
    for name in ("S3_PORT", "TEMPORAL_UI_PORT"):
        assert f"set {name}" in str(refusal.value)
    assert str(refusal.value).count(f"pid {os.getpid()}") == 2


def test_ports_of_servers_that_are_not_started_may_be_busy(reserved: Reservation) -> None:
    wanted = config(reserved, S3_ENDPOINT="http://elsewhere:9000")
    with socket.create_server(("127.0.0.1", wanted.ports["S3_PORT"])):
        check_ports(wanted)


def test_another_running_privet_is_recognised(reserved: Reservation, tmp_path: Path) -> None:
    package = tmp_path / "embedded"
    package.mkdir()
    (package / "__main__.py").write_text(LISTENS)
    port = reserved.take()
    with subprocess.Popen(
        [sys.executable, "-m", "embedded", str(port)], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "listens\n"
        description = describe_holder(port)
        other.terminate()
    assert "another running `make up`" in description


@pytest.mark.parametrize("value", ["eighty", "0", "70000", "-1"])
def test_an_invalid_port_is_refused_with_its_variable(value: str) -> None:
    with pytest.raises(BadSetting, match="S3_PORT"):
        UpConfig.read({"S3_PORT": value})
