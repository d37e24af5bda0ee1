"""A seeded plan of processes to kill, carried out beside the requests of an onboarding."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final

import httpx

from tests.journeys.http_callers import Send
from tests.journeys.product import PARTS, Product, eventually

LOOK: Final = 0.002
"""Seconds between two looks for the moment."""


class Moment(StrEnum):
    """In the life of one request; the next thing that happens after the moment is the kill."""

    BEFORE = "before it is sent"
    SENT = "it has left the caller"
    DRAFTED = "its draft is a row"
    STORED = "an object was stored for it"
    APPLIED = "its draft is applied, the answer is on its way"
    ANSWERED = "it was answered"


STEPS: Final = (
    "register",
    "profile",
    "passport",
    "passport-ticket",
    "passport-upload",
    "passport-photo",
    "laptop",
    "phone",
    "device-photo",
    "apply",
    "generate",
    "sign",
    "pay",
    "notify",
)
WITH_OBJECTS: Final = ("passport-photo", "device-photo", "generate", "sign")
"""Steps in which the store and the documents worker have something to do."""

WITHOUT_DRAFT: Final = ("register", "passport-ticket", "passport-upload")


@dataclass(frozen=True)
class Kill:
    part: str
    step: str
    moment: Moment


def plan(seed: int, journeys: int, each: int) -> list[list[Kill]]:
    """For every journey its kills at different steps; every part dies, and as often as any other or once more."""
    chance = Random(seed)
    deck = list(PARTS) * (journeys * each // len(PARTS)) + chance.sample(PARTS, journeys * each % len(PARTS))
    chance.shuffle(deck)
    return [_journey(chance, deck[first : first + each]) for first in range(0, len(deck), each)]


def _journey(chance: Random, parts: Sequence[str]) -> list[Kill]:
    kills: list[Kill] = []
    # Those that have few steps to choose from choose first.
    for part in sorted(parts, key=lambda part: part not in ("documents", "store")):
        wanted = WITH_OBJECTS if part in ("documents", "store") else STEPS
        left = [step for step in wanted if step not in {kill.step for kill in kills}]
        step = chance.choice(left or [one for one in STEPS if one not in {kill.step for kill in kills}])
        kills.append(Kill(part, step, chance.choice(_moments(step))))
    return sorted(kills, key=lambda kill: STEPS.index(kill.step))


def _moments(step: str) -> list[Moment]:
    drafts = () if step in WITHOUT_DRAFT else (Moment.DRAFTED, Moment.APPLIED)
    objects = (Moment.STORED,) if step in WITH_OBJECTS else ()
    return [Moment.BEFORE, Moment.SENT, *drafts, *objects, Moment.ANSWERED]


class Killer:
    """Kills beside the steps that the plan names, and starts again what it killed; one part at a time is down."""

    def __init__(self, product: Product, kills: Sequence[Kill]) -> None:
        self.product = product
        self.planned = {kill.step: kill for kill in kills}
        self.done: list[Kill] = []
        self.restarting: asyncio.Task[None] | None = None

    async def beside(self, step: str, key: str, send: Send) -> httpx.Response:
        kill = self.planned.pop(step, None)
        if kill is None:
            return await send(asyncio.Event())
        await self.settled()
        if kill.moment is Moment.BEFORE:
            await self.strike(kill)
            return await send(asyncio.Event())
        sent = asyncio.Event()
        before = self.objects()
        asking = asyncio.ensure_future(send(sent))
        moment = asyncio.create_task(self.reached(kill.moment, key, sent, before))
        await asyncio.wait({asking, moment}, return_when=asyncio.FIRST_COMPLETED)
        await self.strike(kill)
        moment.cancel()
        return await asking

    async def settled(self) -> None:
        """Everything is up again."""
        if self.restarting is not None:
            await self.restarting

    async def strike(self, kill: Kill) -> None:
        await self.product.do(self.product.kill, kill.part)
        self.done.append(kill)
        self.restarting = asyncio.create_task(self.product.do(self.product.start, kill.part))

    async def reached(self, moment: Moment, key: str, sent: asyncio.Event, before: frozenset[Path]) -> None:
        await sent.wait()

        async def drafted() -> bool:
            return bool(await self.product.rows("SELECT FROM drafts WHERE key = $1", key))

        async def applied() -> bool:
            return bool(await self.product.rows("SELECT FROM drafts WHERE key = $1 AND applied_at IS NOT NULL", key))

        async def stored() -> bool:
            return not self.objects() <= before

        checks = {Moment.DRAFTED: drafted, Moment.APPLIED: applied, Moment.STORED: stored}
        if moment in checks:
            await eventually(checks[moment], moment, pause=LOOK)
        elif moment is Moment.ANSWERED:
            await asyncio.Event().wait()

    def objects(self) -> frozenset[Path]:
        """Photos and documents in the store."""
        bucket = self.product.stack.store.data / self.product.stack.store.bucket
        return frozenset(path for path in bucket.rglob("*") if path.is_file())
