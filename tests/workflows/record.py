"""`python -m tests.workflows.record VERSION [NAME …]`: play scenarios and keep their histories; none is overwritten."""

import argparse
import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.workflows.conversation_scenarios import CONVERSATION_SCENARIOS
from tests.workflows.delivery_driver import DELIVERY_SCENARIOS
from tests.workflows.onboarding_driver import OnboardingDriver
from tests.workflows.onboarding_scenarios import SCENARIOS
from tests.workflows.server import Running, running
from tests.workflows.workflow_driver import WorkflowDriver

HISTORIES = Path(__file__).parents[1] / "histories"

NAMES = (*(f"onboarding-{name}" for name in SCENARIOS), *CONVERSATION_SCENARIOS, *DELIVERY_SCENARIOS)
"""Kind of workflow and scenario; the version of a saved history stands between the two."""


async def play(server: Running, name: str, ids_from: str) -> WorkflowDriver[Any]:
    """To the end of the scenario, where its history is of interest."""
    if name in CONVERSATION_SCENARIOS:
        return await CONVERSATION_SCENARIOS[name](server, ids_from)
    if name in DELIVERY_SCENARIOS:
        return await DELIVERY_SCENARIOS[name](server, ids_from)
    scenario = name.removeprefix("onboarding-")
    client = OnboardingDriver(server, ids_from)
    await client.begins()
    await SCENARIOS[scenario](client)
    return client


async def record(version: str, names: Sequence[str]) -> list[Path]:
    """The files that were written."""
    written = []
    async with running() as server:
        for name in names:
            kind, scenario = name.split("-", 1)
            path = HISTORIES / f"{kind}-{version}-{scenario}.json"
            if path.exists():
                continue
            played = await play(server, name, f"{version}-{scenario}")
            history = json.loads((await played.history()).to_json())
            path.write_text(json.dumps(history, indent=1, sort_keys=True) + "\n")
            await played.stops()
            written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.workflows.record", description=__doc__)
    parser.add_argument("version", help="v2 for the second form of the workflow, and so on")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="all of them by default")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    for path in asyncio.run(record(chosen.version, chosen.names or NAMES)):
        print(path)  # noqa: T201  # a command answers


if __name__ == "__main__":
    main()
