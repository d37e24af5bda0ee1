"""A program that supervises scripts in the foreground, with its data in DATA_DIR.

STAGES has the stages as JSON: [[{"name": …, "script": …, "patience": …}]]; a child named "job" runs in the background.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from supervisor.child import Job, Service
from supervisor.command import Command
from supervisor.console import Console
from supervisor.foreground import Foreground
from supervisor.lock import AlreadyRunning
from supervisor.stages import Stage


def plan(_console: Console) -> Sequence[Stage]:
    return [[child(one) for one in stage] for stage in json.loads(os.environ["STAGES"])]


def child(one: dict[str, str]) -> Service | Job:
    def command() -> Command:
        return Command((sys.executable, "-u", "-c", one["script"]))

    if one["name"] == "job":
        return Job(one["name"], command, in_background=True)
    return Service(one["name"], command, stop_patience=float(one.get("patience", 5)))


async def when_up(console: Console) -> None:
    console.say("up")


if __name__ == "__main__":
    folder = Path(os.environ["DATA_DIR"])
    folder.mkdir(exist_ok=True)
    try:
        asyncio.run(Foreground("program", folder, sys.stdout.fileno()).run(plan, when_up))
    except (AlreadyRunning, RuntimeError, TimeoutError) as error:
        sys.exit(f"program: {error}")
