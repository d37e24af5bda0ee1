"""Record of the running children, by which the next run ends those that a killed run left behind."""

import contextlib
import json
import os
import signal
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import psutil

from supervisor.child import Started

CLOCK_SLACK = 1.0
"""Seconds by which two readings of a process's start time may differ."""


class RunRecord:
    """The children of the current run, by process number and start time, in one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.children: dict[str, Started] = {}

    def add(self, started: Started) -> None:
        self.children[started.name] = started
        partial = self.file.with_suffix(".part")
        partial.write_text(json.dumps([asdict(child) for child in self.children.values()]))
        partial.replace(self.file)

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)

    def end_last_run(self) -> list[str]:
        """Kill the children that are left of the last run; returns their names."""
        ended = [child.name for child in self._last_run() if _end(child)]
        self.remove()
        return ended

    def _last_run(self) -> Iterable[Started]:
        try:
            return [Started(**child) for child in json.loads(self.file.read_text())]
        except (FileNotFoundError, ValueError, TypeError):
            return []


def _end(child: Started) -> bool:
    members = [process for process in psutil.process_iter() if _is_in_group(process, child.pid)]
    leader = next((process for process in members if process.pid == child.pid), None)
    # A group number is not reused while the group has members: without its leader it is still the child's.
    if leader and abs(leader.create_time() - child.created) > CLOCK_SLACK:
        return False
    for process in members:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(members, timeout=5)
    return bool(members)


def _is_in_group(process: psutil.Process, group: int) -> bool:
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False
