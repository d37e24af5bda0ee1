"""One run of a contestant: warm-up, load, optional faults, waiting for the last message, counts."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum

from bench.relay.busy import busy_machine
from bench.relay.children import cpu_seconds, megabytes
from bench.relay.contestant import Contestant, Serving
from bench.relay.counts import Counts, Tag, count
from bench.relay.load import burst, paced
from bench.relay.sandbox import FAULTY, Room, SandboxClient

SILENCE = 45.0
"""Seconds without a new message after which missing ones count as lost; more than the product's sweep."""
LOOK_EVERY = 1.0
DOWN = 1.0
"""Seconds between the kill of a worker and its restart."""


class Scenario(StrEnum):
    PLAIN = "plain"
    FAULTS = "faults"
    KILL = "kill"
    BUSY = "busy"


@dataclass(frozen=True)
class Size:
    chats: int = 100
    messages: int = 2000
    paced: int = 300
    per_second: float = 10.0


@dataclass(frozen=True)
class Outcome:
    """`calm` is the even pace (plain scenario only); CPU in milliseconds per message, memory in megabytes."""

    name: str
    scenario: Scenario
    loaded: Counts
    calm: Counts | None
    cpu: Mapping[str, float]
    memory: Mapping[str, float]
    violations: int
    """Calls that violate the published API of Telegram or Avito."""


class Run:
    def __init__(self, sandbox: SandboxClient, size: Size) -> None:
        self.sandbox, self.size = sandbox, size
        self.number = 0

    async def measure(self, contestant: Contestant, scenario: Scenario) -> Outcome:
        """Measure in a new room, so that late messages of an earlier run do not count."""
        self.number += 1
        run = f"r{self.number}"
        room = await self.sandbox.room(run, self.size.chats)
        async with contestant.serving(room) as serving:
            await self._warm_up(room, run)
            calm = await self._calm(room, run) if scenario is Scenario.PLAIN else None
            await self.sandbox.clear_journal()
            before = cpu_seconds(serving.pids())
            with busy_machine() if scenario is Scenario.BUSY else nullcontext():
                loaded = await self._load(room, run, serving, scenario)
            spent = cpu_seconds(serving.pids())
            violations = len(await self.sandbox.violations())
            cpu = {name: (spent[name] - before.get(name, 0.0)) * 1000 / loaded.sent for name in spent}
            return Outcome(contestant.name, scenario, loaded, calm, cpu, megabytes(serving.pids()), violations)

    async def _warm_up(self, room: Room, run: str) -> None:
        """Write one message to each chat, so that all topics exist."""
        sent = await burst(self.sandbox, room, f"{run}w", len(room.chats))
        missing = await self._until_seen(room, set(sent), _nothing)
        if missing:
            raise SystemExit(f"{len(missing)} of {len(sent)} messages of the warm-up did not arrive")

    async def _calm(self, room: Room, run: str) -> Counts:
        await self.sandbox.clear_journal()
        sent = await paced(self.sandbox, room, f"{run}c", self.size.paced, self.size.per_second)
        await self._until_seen(room, set(sent), _nothing)
        return count(sent, await self.sandbox.shown(room))

    async def _load(self, room: Room, run: str, serving: Serving, scenario: Scenario) -> Counts:
        wanted = {
            Tag(run, chat, number)
            for chat in range(len(room.chats))
            for number in range(self.size.messages // len(room.chats))
        }
        if scenario is Scenario.FAULTS:
            await self.sandbox.set_faults(FAULTY)
        halfway = _kill(serving) if scenario is Scenario.KILL else _nothing
        sent, _ = await asyncio.gather(
            burst(self.sandbox, room, run, self.size.messages), self._until_seen(room, wanted, halfway)
        )
        await self.sandbox.clear_faults()
        return count(sent, await self.sandbox.shown(room))

    async def _until_seen(self, room: Room, wanted: set[Tag], halfway: Callable[[], None]) -> set[Tag]:
        """Wait for the messages; returns the missing ones. `halfway` is called when half are there."""
        missing, news_at, is_past_half = wanted, time.monotonic(), False
        while missing and time.monotonic() - news_at < SILENCE:
            await asyncio.sleep(LOOK_EVERY)
            left = wanted - await self.sandbox.seen(room)
            if len(left) < len(missing):
                missing, news_at = left, time.monotonic()
            if not is_past_half and len(left) <= len(wanted) / 2:
                is_past_half = True
                halfway()
        return missing


def _nothing() -> None:
    return None


def _kill(serving: Serving) -> Callable[[], None]:
    def kill() -> None:
        serving.kill_worker()
        asyncio.get_running_loop().call_later(DOWN, serving.start_worker)

    return kill
