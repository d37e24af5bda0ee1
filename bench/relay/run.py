"""One run of one contestant: warm up, load, perhaps break something, wait until nothing more comes, count."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bench.relay.children import cpu_seconds, megabytes
from bench.relay.contestant import Contestant, Serving
from bench.relay.load import burst, paced
from bench.relay.stand import FAULTY, Room, Stand
from bench.relay.tally import Tag, Tally, tally

SILENCE = 45.0
"""Seconds without anything new after which the rest counts as lost; longer than the sweep of the product."""
LOOK_EVERY = 1.0
DOWN = 1.0
"""Seconds between the death of a worker and its next start."""


class Scenario(StrEnum):
    PLAIN = "plain"
    FAULTS = "faults"
    KILL = "kill"


@dataclass(frozen=True)
class Size:
    chats: int = 100
    messages: int = 2000
    paced: int = 300
    per_second: float = 10.0


@dataclass(frozen=True)
class Outcome:
    """`calm` is the even pace (the plain scenario only); CPU in milliseconds a message, memory in megabytes."""

    name: str
    scenario: Scenario
    loaded: Tally
    calm: Tally | None
    cpu: Mapping[str, float]
    memory: Mapping[str, float]
    violations: int
    """Calls that the published API of Telegram or Avito would have refused."""


class Run:
    def __init__(self, stand: Stand, size: Size) -> None:
        self.stand, self.size = stand, size
        self.number = 0

    async def measure(self, contestant: Contestant, scenario: Scenario) -> Outcome:
        """In a room of its own, so that nothing of an earlier run comes late into this one."""
        self.number += 1
        run = f"r{self.number}"
        room = await self.stand.room(run, self.size.chats)
        async with contestant.serving(room) as serving:
            await self._warm_up(room, run)
            calm = await self._calm(room, run) if scenario is Scenario.PLAIN else None
            await self.stand.forget_calls()
            before = cpu_seconds(serving.pids())
            loaded = await self._load(room, run, serving, scenario)
            spent = cpu_seconds(serving.pids())
            violations = len(await self.stand.violations())
            cpu = {name: (spent[name] - before.get(name, 0.0)) * 1000 / loaded.sent for name in spent}
            return Outcome(contestant.name, scenario, loaded, calm, cpu, megabytes(serving.pids()), violations)

    async def _warm_up(self, room: Room, run: str) -> None:
        """One message in each chat: whoever makes topics has made them afterwards."""
        sent = await burst(self.stand, room, f"{run}w", len(room.chats))
        missing = await self._until_seen(room, set(sent), _nothing)
        if missing:
            raise SystemExit(f"{len(missing)} of {len(sent)} messages of the warm-up did not arrive")

    async def _calm(self, room: Room, run: str) -> Tally:
        await self.stand.forget_calls()
        sent = await paced(self.stand, room, f"{run}c", self.size.paced, self.size.per_second)
        await self._until_seen(room, set(sent), _nothing)
        return tally(sent, await self.stand.shown(room))

    async def _load(self, room: Room, run: str, serving: Serving, scenario: Scenario) -> Tally:
        wanted = {
            Tag(run, chat, number)
            for chat in range(len(room.chats))
            for number in range(self.size.messages // len(room.chats))
        }
        if scenario is Scenario.FAULTS:
            await self.stand.arm(FAULTY)
        halfway = _death(serving) if scenario is Scenario.KILL else _nothing
        sent, _ = await asyncio.gather(
            burst(self.stand, room, run, self.size.messages), self._until_seen(room, wanted, halfway)
        )
        await self.stand.calm()
        return tally(sent, await self.stand.shown(room))

    async def _until_seen(self, room: Room, wanted: set[Tag], halfway: Callable[[], None]) -> set[Tag]:
        """What did not come; `halfway` is called once, when half of it is there."""
        missing, news_at, is_past_half = wanted, time.monotonic(), False
        while missing and time.monotonic() - news_at < SILENCE:
            await asyncio.sleep(LOOK_EVERY)
            left = wanted - await self.stand.seen(room)
            if len(left) < len(missing):
                missing, news_at = left, time.monotonic()
            if not is_past_half and len(left) <= len(wanted) / 2:
                is_past_half = True
                halfway()
        return missing


def _nothing() -> None:
    return None


def _death(serving: Serving) -> Callable[[], None]:
    def die() -> None:
        serving.kill_worker()
        asyncio.get_running_loop().call_later(DOWN, serving.start_worker)

    return die
