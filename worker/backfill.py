"""`python -m worker.backfill`: runs the adoption job of the Schedule once and prints the count."""

import asyncio
import sys
from functools import partial

from activities.operations.adoption import AdoptionActivities
from domain.kernel.clock import utc_now
from settings import load
from worker.parts import START_PATIENCE, open_parts
from workflows.onboarding.starting import begin_onboarding


async def backfill() -> int:
    """Start a workflow for every client without one; returns their number."""
    async with open_parts(load(), utc_now) as parts:
        begin = partial(begin_onboarding, parts.temporal, patience=START_PATIENCE)
        return await AdoptionActivities(parts.sessions, parts.keyring, begin, parts.now).adopt_clients()


if __name__ == "__main__":
    print(f"workflows begun: {asyncio.run(backfill())}")
    sys.exit(0)
