"""`python -m worker.backfill`: what the adoption Schedule does every five minutes, once and now, with a count."""

import asyncio
import sys

import wiring
from activities.operations.adoption import AdoptionActivities
from domain.kernel.clock import utc_now
from settings import load
from worker.parts import Parts


async def backfill() -> int:
    """Begin a workflow for every client that has none; how many were begun."""
    settings = load()
    parts = Parts.build(settings, utc_now)
    temporal = await wiring.temporal(settings, parts.keyring, lazy=False)
    adoption = AdoptionActivities(parts.steps.sessions, parts.begin(temporal), parts.now)
    begun = await adoption.adopt_clients()
    await parts.engine.dispose()
    return begun


if __name__ == "__main__":
    print(f"workflows begun: {asyncio.run(backfill())}")
    sys.exit(0)
