"""Starts a program, by default program.py, and reads its output."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("program.py")
PAUSE = "import signal; print('ready'); signal.pause()"
"""The script of a child that waits for a signal."""


@dataclass
class Process:
    """A running program; `output` has the lines that were read."""

    popen: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)

    def read_until(self, pattern: str) -> re.Match[str]:
        """Read up to the next line that matches; fails when the output ends before."""
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.output.append(line.rstrip())
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line matches {pattern!r}:\n" + "\n".join(self.output))

    def wait(self) -> int:
        """Read the remaining output; returns the exit code."""
        assert self.popen.stdout is not None
        self.output += [line.rstrip() for line in self.popen.stdout]
        return self.popen.wait(15)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.popen.pid).children(recursive=True)

    def clean_up(self) -> None:
        """Kill the program if a failed test left it running."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGKILL)
            self.popen.wait()
        if self.popen.stdout:
            self.popen.stdout.close()


def environment(folder: Path, stages: Sequence[object] = ()) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder), "STAGES": json.dumps(stages)}


def start(variables: Mapping[str, str], argv: Sequence[str] = ()) -> Process:
    popen = subprocess.Popen(
        argv or (sys.executable, str(PROGRAM)),
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return Process(popen)


def all_gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=10)[1]
