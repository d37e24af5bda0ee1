"""`python -m worker.backfill`: what the adoption Schedule does every five minutes, once and now, with a count."""

import asyncio
import sys
from functools import partial

from activities.operations.adoption import AdoptionActivities
from domain.kernel.clock import utc_now
from settings import load
from worker.parts import START_PATIENCE, open_parts
from workflows.onboarding.starting import begin_onboarding


async def backfill() -> int:
    """Begin a workflow for every client that has none; how many were begun."""
    async with open_parts(load(), utc_now) as parts:
        begin = partial(begin_onboarding, parts.temporal, patience=START_PATIENCE)
        return await AdoptionActivities(parts.sessions, begin, parts.now).adopt_clients()


if __name__ == "__main__":
    print(f"workflows begun: {asyncio.run(backfill())}")
    sys.exit(0)
