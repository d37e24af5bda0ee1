"""A `make up` whose children are small scripts instead of the real ones, and whose parts are all foreign.

The stages come as JSON in STAGES: [[{"name": …, "script": …, "patience": …}]]; "parts" stands for the real servers.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedded import up as real
from embedded.child import Service
from embedded.command import Command
from embedded.lock import AlreadyRunning
from embedded.parts import Parts
from embedded.supervisor import Stage


def plan(parts: Parts, environment: Mapping[str, str]) -> Sequence[Stage]:
    return [
        real.stages(parts, environment)[0] if stage == "parts" else [service(one) for one in stage]
        for stage in json.loads(os.environ["STAGES"])
    ]


def service(one: dict[str, str]) -> Service:
    return Service(
        one["name"],
        lambda: Command((sys.executable, "-u", "-c", one["script"])),
        stop_patience=float(one.get("patience", 5)),
    )


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
