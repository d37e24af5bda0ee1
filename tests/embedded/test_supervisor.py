"""What `make up` promises about its children: restart, a clean end, no orphan, no lock that stays."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from embedded.child import Backoff
from embedded.ports import Reservation
from tests.embedded import standing
from tests.embedded.standing import SITS, STAND, Standing

Start = Callable[..., Standing]

HAS_A_CHILD = "import subprocess, signal, sys; subprocess.Popen(['sleep', '600']); print('sits'); signal.pause()"
SAYS_GOODBYE = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("bye")))
print("sits")
signal.pause()
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('sits')\nwhile True: signal.pause()"


@pytest.fixture
def port() -> Iterator[int]:
    with Reservation() as ports:
        yield ports.take()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    begun: list[Standing] = []

    def begin(*children: tuple[str, str], argv: tuple[str, ...] = (), patience: str = "5") -> Standing:
        plan = [[{**one, "patience": patience} for one in stage] for stage in standing.stages(*children)]
        begun.append(standing.start(standing.environment(tmp_path / "data", port, plan), argv))
        return begun[-1]

    yield begin
    for one in begun:
        standing.end_anyway(one)


def all_gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=10)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_child_and_leaves_no_process(start: Start, number: signal.Signals) -> None:
    up = start(("one", HAS_A_CHILD), ("two", SITS))
    up.hears("sits")
    up.hears("sits")
    children = up.children()
    up.process.send_signal(number)
    assert up.ends() == 0
    assert len(children) == 3
    assert all_gone(children)


def test_children_end_in_the_reverse_order_of_their_start(start: Start, tmp_path: Path, port: int) -> None:
    plan = [[{"name": name, "script": SAYS_GOODBYE}] for name in ("server", "worker", "api")]
    up = standing.start(standing.environment(tmp_path / "data", port, plan))
    for _ in plan:
        up.hears("sits")
    up.process.terminate()
    assert up.ends() == 0
    assert [line.split()[0] for line in up.said if line.endswith("bye")] == ["api", "worker", "server"]


def test_sigterm_to_make_alone_ends_all_of_it(start: Start) -> None:
    up = start(("one", SITS), argv=("make", "-o", "install", "up", f"PY={sys.executable} {STAND}"))
    up.hears("sits")
    children = up.children()
    up.process.terminate()
    up.ends()
    assert len(children) == 2
    assert all_gone(children)
    assert up.said[-1].endswith("everything has ended, the data stay") or "Terminated" in up.said[-1]


def test_a_child_that_does_not_listen_is_killed(start: Start) -> None:
    up = start(("deaf", DEAF), patience="0.2")
    up.hears("sits")
    children = up.children()
    up.process.terminate()
    up.hears(r"deaf did not end within 0.2 s and is killed")
    assert up.ends() == 0
    assert all_gone(children)


def test_a_second_signal_ends_everything_at_once(start: Start) -> None:
    up = start(("deaf", DEAF), patience="600")
    up.hears("sits")
    children = up.children()
    up.process.send_signal(signal.SIGINT)
    up.process.send_signal(signal.SIGTERM)
    assert up.ends() == 0
    assert all_gone(children)


def test_nobody_waits_for_what_is_built_meanwhile(tmp_path: Path, port: int) -> None:
    plan = [[{"name": "meanwhile", "script": SITS}], [{"name": "one", "script": SITS}]]
    up = standing.start(standing.environment(tmp_path / "data", port, plan))
    up.hears("one .* sits")
    children = up.children()
    up.process.terminate()
    assert up.ends() == 0
    assert all_gone(children), "what is built ends with the others"


def test_what_fails_meanwhile_is_said_when_all_else_is_up(start: Start) -> None:
    up = start(("meanwhile", "raise SystemExit(4)"), ("one", SITS))
    assert up.ends() == 1
    assert up.said[-1] == "privet: meanwhile failed (exit code 4)"


def test_a_child_that_dies_is_started_again_loudly(start: Start) -> None:
    up = start(("shaky", "print('here'); raise SystemExit(3)"))
    up.hears("here")
    up.hears(r"shaky died \(exit code 3\), starting it again in 0\.5 s")
    up.hears("here")
    up.hears(r"shaky died \(exit code 3\), starting it again in 1 s")


def test_a_killed_child_is_started_again(start: Start) -> None:
    up = start(("steady", SITS))
    up.hears("sits")
    up.children()[0].kill()
    up.hears(r"steady died \(signal SIGKILL\)")
    up.hears("sits")


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 15.0), (5000, 15.0)])
def test_restarts_come_more_and_more_slowly(deaths: int, seconds: float) -> None:
    assert Backoff().pause(deaths) == seconds


def test_kill_minus_nine_of_the_supervisor_leaves_no_orphan_and_no_lock(start: Start) -> None:
    first = start(("one", HAS_A_CHILD), ("two", SITS))
    first.hears("sits")
    first.hears("sits")
    children = first.children()
    direct = [child for child in children if child.name() != "sleep"]
    first.process.kill()
    first.process.wait()
    assert all_gone(direct)
    second = start(("one", SITS))
    second.hears("sits")
    assert all_gone(children)
    second.process.terminate()
    assert second.ends() == 0


def test_two_starts_with_the_same_data_are_refused(start: Start) -> None:
    first = start(("one", SITS))
    first.hears("sits")
    second = start(("one", SITS))
    assert second.ends() == 1
    assert f"(pid {first.process.pid})" in second.said[-1]
    first.process.terminate()
    assert first.ends() == 0


def test_everything_ends_when_nobody_reads_the_output(start: Start) -> None:
    chatty = "import itertools, time\nfor n in itertools.count(): print('line', n, 'x' * 500)"
    up = start(("chatty", chatty))
    up.hears("line")
    children = up.children()
    assert up.process.stdout is not None
    up.process.stdout.close()
    assert up.process.wait(15) == 0
    assert all_gone(children)


def test_a_busy_port_stops_the_start_before_any_child(start: Start, port: int) -> None:
    import socket

    with socket.create_server(("127.0.0.1", port)):
        up = start(("one", SITS))
        assert up.ends() == 1
    assert "set PORT to another port" in up.said[-1]
    assert not any("sits" in line for line in up.said)
