"""Children are restarted and ended without orphans; lock and record outlive no run."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supervisor.child import Backoff
from tests.supervisor import process
from tests.supervisor.process import PAUSE, Process, all_gone

Start = Callable[..., Process]

HAS_A_CHILD = "import subprocess, signal, sys; subprocess.Popen(['sleep', '600']); print('ready'); signal.pause()"
PRINTS_AT_END = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("end")))
print("ready")
signal.pause()
"""
IGNORES_SIGTERM = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('ready')
while True: signal.pause()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts program.py with stages of (name, script)."""
    started: list[Process] = []

    def start_stages(*stages: list[tuple[str, str]], patience: str = "5") -> Process:
        plan = [[{"name": name, "script": script, "patience": patience} for name, script in stage] for stage in stages]
        started.append(process.start(process.environment(tmp_path / "data", plan)))
        return started[-1]

    yield start_stages
    for one in started:
        one.clean_up()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_child_and_leaves_no_process(start: Start, number: signal.Signals) -> None:
    program = start([("one", HAS_A_CHILD), ("two", PAUSE)])
    program.read_until("ready")
    program.read_until("ready")
    children = program.children()
    program.popen.send_signal(number)
    assert program.wait() == 0
    assert len(children) == 3
    assert all_gone(children)


def test_children_end_in_the_reverse_order_of_their_start(start: Start) -> None:
    names = ("server", "worker", "api")
    program = start(*([(name, PRINTS_AT_END)] for name in names))
    for _ in names:
        program.read_until("ready")
    program.popen.terminate()
    assert program.wait() == 0
    assert [line.split()[0] for line in program.output if line.endswith("end")] == ["api", "worker", "server"]


def test_a_child_that_ignores_its_stop_signal_is_killed(start: Start) -> None:
    program = start([("deaf", IGNORES_SIGTERM)], patience="0.2")
    program.read_until("ready")
    children = program.children()
    program.popen.terminate()
    program.read_until(r"deaf did not end within 0.2 s and is killed")
    assert program.wait() == 0
    assert all_gone(children)


def test_a_second_signal_kills_every_child(start: Start) -> None:
    program = start([("deaf", IGNORES_SIGTERM)], patience="600")
    program.read_until("ready")
    children = program.children()
    program.popen.send_signal(signal.SIGINT)
    program.popen.send_signal(signal.SIGTERM)
    assert program.wait() == 0
    assert all_gone(children)


def test_a_background_job_delays_no_stage_and_ends_with_the_others(start: Start) -> None:
    program = start([("job", PAUSE)], [("one", PAUSE)])
    program.read_until("one .* ready")
    children = program.children()
    program.popen.terminate()
    assert program.wait() == 0
    assert all_gone(children)


def test_a_failed_background_job_ends_the_run_with_its_exit_code(start: Start) -> None:
    program = start([("job", "raise SystemExit(4)"), ("one", PAUSE)])
    assert program.wait() == 1
    assert program.output[-1] == "program: job failed (exit code 4)"


def test_every_death_is_printed_and_followed_by_a_restart(start: Start) -> None:
    program = start([("shaky", "print('here'); raise SystemExit(3)")])
    program.read_until("here")
    program.read_until(r"shaky died \(exit code 3\), starting it again in 0\.5 s")
    program.read_until("here")
    program.read_until(r"shaky died \(exit code 3\), starting it again in 1 s")


def test_a_killed_child_is_restarted(start: Start) -> None:
    program = start([("steady", PAUSE)])
    program.read_until("ready")
    program.children()[0].kill()
    program.read_until(r"steady died \(signal SIGKILL\)")
    program.read_until("ready")


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 15.0), (5000, 15.0)])
def test_the_pause_before_a_restart_doubles_up_to_a_limit(deaths: int, seconds: float) -> None:
    assert Backoff().pause(deaths) == seconds


def test_kill_minus_nine_of_the_supervisor_leaves_no_orphan_and_no_lock(start: Start) -> None:
    first = start([("one", HAS_A_CHILD), ("two", PAUSE)])
    first.read_until("ready")
    first.read_until("ready")
    children = first.children()
    direct = [child for child in children if child.name() != "sleep"]
    first.popen.kill()
    first.popen.wait()
    assert all_gone(direct)
    second = start([("one", PAUSE)])
    second.read_until("ready")
    assert all_gone(children)
    second.popen.terminate()
    assert second.wait() == 0


def test_two_runs_with_the_same_data_are_refused(start: Start) -> None:
    first = start([("one", PAUSE)])
    first.read_until("ready")
    second = start([("one", PAUSE)])
    assert second.wait() == 1
    assert f"process {first.popen.pid} already runs" in second.output[-1]
    first.popen.terminate()
    assert first.wait() == 0


def test_the_run_ends_when_its_output_has_no_reader(start: Start) -> None:
    program = start([("chatty", "import itertools\nfor n in itertools.count(): print('line', n, 'x' * 500)")])
    program.read_until("line")
    children = program.children()
    assert program.popen.stdout is not None
    program.popen.stdout.close()
    assert program.popen.wait(15) == 0
    assert all_gone(children)
