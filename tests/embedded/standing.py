"""Runs stand.py and reads what it says."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
STAND = Path(__file__).with_name("stand.py")
FOREIGN = {
    "DATABASE_URL": "postgresql+asyncpg://elsewhere/privet",
    "TEMPORAL_ADDRESS": "elsewhere:7233",
    "S3_ENDPOINT": "http://elsewhere:9000",
}
SITS = "import signal; print('sits'); signal.pause()"
"""A child that does nothing until it is ended."""


@dataclass
class Standing:
    """A running supervisor; every line it has said is in `said`."""

    process: subprocess.Popen[str]
    said: list[str]

    def hears(self, pattern: str) -> re.Match[str]:
        """The first new line that matches; fails when the output ends before one does."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"never said {pattern!r}:\n" + "\n".join(self.said))

    def ends(self) -> int:
        assert self.process.stdout is not None
        self.said += [line.rstrip() for line in self.process.stdout]
        return self.process.wait(15)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def stages(*children: tuple[str, str]) -> list[list[dict[str, str]]]:
    return [[{"name": name, "script": script} for name, script in children]]


def environment(folder: Path, port: int, children: Sequence[object]) -> dict[str, str]:
    return {
        **os.environ,
        **FOREIGN,
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "STAGES": json.dumps(children),
    }


def start(variables: dict[str, str], argv: Sequence[str] = ()) -> Standing:
    process = subprocess.Popen(
        argv or (sys.executable, str(STAND)),
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return Standing(process, [])


def end_anyway(standing: Standing) -> None:
    """For the end of a test that failed in the middle."""
    if standing.process.poll() is None:
        standing.process.send_signal(signal.SIGKILL)
        standing.process.wait()
    if standing.process.stdout:
        standing.process.stdout.close()
