"""Children never outlive their starter, and give up root for good when they run as somebody else."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from embedded.command import Command, run

NOBODY = pwd.getpwnam("nobody").pw_uid

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

STARTS_A_CHILD = """
import signal, sys
from embedded.command import Command, spawn
child = spawn(Command((sys.executable, "-c", "import signal; signal.pause()")), sys.stderr)
print(child.pid, flush=True)
signal.pause()
"""


def shell(script: str, *arguments: str, user: int | None = None, read_anywhere: bool = False) -> Command:
    return Command(("/bin/sh", "-c", script, "sh", *arguments), user=user, read_anywhere=read_anywhere, cwd=Path("/"))


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A program below a folder that only its owner may pass, like a checkout in /root."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    program = folder / "program"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    return program


@as_root
def test_root_is_given_up_for_good() -> None:
    run(shell(f'[ "$(id -u)/$(id -ru)/$(id -G)" = "{NOBODY}/{NOBODY}/{pwd.getpwuid(NOBODY).pw_gid}" ]', user=NOBODY))
    with pytest.raises(RuntimeError):
        run(Command((sys.executable, "-c", "import os; os.setuid(0)"), user=NOBODY, cwd=Path("/")))


@as_root
def test_a_closed_folder_stays_closed_without_the_right_to_pass(closed: Path) -> None:
    with pytest.raises(RuntimeError):
        run(shell('test -x "$1"', str(closed), user=NOBODY))


@as_root
def test_with_the_right_a_program_below_a_closed_folder_is_found_and_runs(closed: Path) -> None:
    run(shell('test -x "$1" && "$1"', str(closed), user=NOBODY, read_anywhere=True))


def test_what_a_failed_command_said_is_told() -> None:
    with pytest.raises(RuntimeError, match="it is broken"):
        run(shell("echo it is broken >&2; exit 3"))


def test_a_child_dies_with_its_starter() -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_A_CHILD], stdout=subprocess.PIPE, text=True, cwd=root
    ) as starter:
        assert starter.stdout is not None
        child = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    assert not psutil.wait_procs([child], timeout=10)[1]
