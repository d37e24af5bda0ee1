"""Listeners are found by port, and a reserved port is given once."""

import os
import socket
from pathlib import Path

from supervisor import ports
from supervisor.ports import Reservation


def test_the_listener_of_a_port_is_found() -> None:
    with Reservation() as reservation:
        port = reservation.take()
        assert ports.listener(port) is None
        with socket.create_server(("127.0.0.1", port)):
            assert not ports.is_free(port)
            listener = ports.listener(port)
    assert listener is not None
    assert listener.pid == os.getpid()


def test_two_reservations_never_share_a_port(tmp_path: Path) -> None:
    with Reservation(tmp_path) as one, Reservation(tmp_path) as other:
        taken = [run.take() for run in (one, other) for _ in range(20)]
    assert len(set(taken)) == 40
