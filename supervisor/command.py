"""Commands: program, environment, user and signals of a child process, and how it is started."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True)
class Command:
    """One program; `env` is added to the environment of the parent, `user` is the id of the OS user to run as."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    """Sent by the kernel when the parent dies."""
    user: int | None = None
    read_anywhere: bool = False
    """With `user`: folders closed to this user can be passed (a checkout below /root)."""

    def guarded(self) -> tuple[str, ...]:
        """The argument list that starts the program by way of guard.py, so that it ends with its parent."""
        options = ["--parent", str(os.getpid()), "--signal", str(int(self.orphan_signal))]
        if self.user is not None:
            options += ["--user", str(self.user)]
        if self.read_anywhere:
            options += ["--read-anywhere"]
        return (sys.executable, "-I", "-S", str(GUARD), *options, "--", *self.argv)

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.env}


def spawn(command: Command, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the command in its own process group; the calling thread must outlive the child.

    The kernel ties the orphan signal to the thread that forked, not to the process.
    """
    return subprocess.Popen(
        command.guarded(),
        env=command.environment(),
        cwd=command.cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
    )


def run(command: Command) -> None:
    """Run a command to its end; raises RuntimeError with its output when it fails."""
    done = subprocess.run(
        command.guarded(),
        env=command.environment(),
        cwd=command.cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command.argv[0]).name} failed with code {done.returncode}:\n{done.stdout}")
