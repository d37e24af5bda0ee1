"""`python -m tests.workflows.record VERSION [NAME …]`: play scenarios and keep their histories; none is overwritten."""

import argparse
import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from tests.workflows.onboarding import Onboarding
from tests.workflows.scenarios import SCENARIOS
from tests.workflows.server import running

HISTORIES = Path(__file__).parents[1] / "histories"


async def record(version: str, names: Sequence[str]) -> list[Path]:
    """The files that were written."""
    written = []
    async with running() as server:
        for name in names:
            path = HISTORIES / f"onboarding-{version}-{name}.json"
            if path.exists():
                continue
            client = Onboarding(server, f"{version}-{name}")
            await client.begins()
            await SCENARIOS[name](client)
            history = json.loads((await client.history()).to_json())
            path.write_text(json.dumps(history, indent=1, sort_keys=True) + "\n")
            await client.stops()
            written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.workflows.record", description=__doc__)
    parser.add_argument("version", help="v2 for the second form of the workflow, and so on")
    parser.add_argument("names", nargs="*", choices=[*SCENARIOS, []], help="all of them by default")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    for path in asyncio.run(record(chosen.version, chosen.names or list(SCENARIOS))):
        print(path)  # noqa: T201  # a command answers


if __name__ == "__main__":
    main()
