"""Children end with their parent, and drop root permanently when they run as another user."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from supervisor.command import Command, run

NOBODY = pwd.getpwnam("nobody").pw_uid

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the user")

STARTS_A_CHILD = """
import signal, sys
from supervisor.command import Command, spawn
child = spawn(Command((sys.executable, "-c", "import signal; signal.pause()")), sys.stderr)
print(child.pid, flush=True)
signal.pause()
"""


def shell(script: str, *arguments: str, user: int | None = None, read_anywhere: bool = False) -> Command:
    return Command(("/bin/sh", "-c", script, "sh", *arguments), user=user, read_anywhere=read_anywhere, cwd=Path("/"))


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A program below a folder that only its owner can pass, like a checkout in /root."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    program = folder / "program"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    return program


@as_root
def test_root_is_dropped_permanently() -> None:
    run(shell(f'[ "$(id -u)/$(id -ru)/$(id -G)" = "{NOBODY}/{NOBODY}/{pwd.getpwuid(NOBODY).pw_gid}" ]', user=NOBODY))
    with pytest.raises(RuntimeError):
        run(Command((sys.executable, "-c", "import os; os.setuid(0)"), user=NOBODY, cwd=Path("/")))


@as_root
def test_a_closed_folder_stays_closed_by_default(closed: Path) -> None:
    with pytest.raises(RuntimeError):
        run(shell('test -x "$1"', str(closed), user=NOBODY))


@as_root
def test_with_read_anywhere_a_program_below_a_closed_folder_runs(closed: Path) -> None:
    run(shell('test -x "$1" && "$1"', str(closed), user=NOBODY, read_anywhere=True))


def test_the_error_of_a_failed_command_has_its_output() -> None:
    with pytest.raises(RuntimeError, match="it is broken"):
        run(shell("echo it is broken >&2; exit 3"))


def test_a_child_ends_with_its_parent() -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_A_CHILD], stdout=subprocess.PIPE, text=True, cwd=root
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert not psutil.wait_procs([child], timeout=10)[1]
