"""A `make up` whose children are small scripts instead of the real ones, and whose parts are all foreign.

The stages come as JSON in STAGES: [[{"name": …, "script": …, "patience": …}]]; "parts" stands for the real servers, a
child of the name "meanwhile" is a job that nobody waits for.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedded import up as real
from embedded.child import Job, Service
from embedded.command import Command
from embedded.lock import AlreadyRunning
from embedded.parts import Parts
from embedded.supervisor import Stage


def plan(parts: Parts, environment: Mapping[str, str]) -> Sequence[Stage]:
    return [
        real.stages(parts, environment)[1] if stage == "parts" else [child(one) for one in stage]
        for stage in json.loads(os.environ["STAGES"])
    ]


def child(one: dict[str, str]) -> Service | Job:
    def command() -> Command:
        return Command((sys.executable, "-u", "-c", one["script"]))

    if one["name"] == "meanwhile":
        return Job(one["name"], command, meanwhile=True)
    return Service(one["name"], command, stop_patience=float(one.get("patience", 5)))


def put_seal(folder: Path) -> None:
    """Anything: no child here reads it, and a real key takes a second to make."""
    folder.mkdir(exist_ok=True)
    (folder / "seal.p12").touch()


if __name__ == "__main__":
    put_seal(Path(os.environ["DATA_DIR"]))
    try:
        asyncio.run(real.up(os.environ, sys.stdout.fileno(), plan))
    except (real.CannotStart, AlreadyRunning, RuntimeError, TimeoutError) as error:
        sys.exit(f"privet: {error}")
