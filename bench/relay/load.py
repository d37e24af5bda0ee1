"""Messages of buyers, in a burst or at an even pace; returns the time of each."""

import asyncio
import time

from bench.relay.counts import Tag
from bench.relay.sandbox import Room, SandboxClient

LANES = 16


async def burst(sandbox: SandboxClient, room: Room, run: str, messages: int) -> dict[Tag, float]:
    """Write as fast as the sandbox accepts; a chat belongs to one lane, which keeps its order."""
    sent: dict[Tag, float] = {}
    rounds, chats = messages // len(room.chats), range(len(room.chats))

    async def lane(number: int) -> None:
        for round_ in range(rounds):
            for chat in chats[number::LANES]:
                await _write(sandbox, room, Tag(run, chat, round_), sent)

    await asyncio.gather(*(lane(number) for number in range(LANES)))
    return sent


async def paced(sandbox: SandboxClient, room: Room, run: str, messages: int, per_second: float) -> dict[Tag, float]:
    """Write to one chat after another, without waiting for earlier messages."""
    sent: dict[Tag, float] = {}
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(messages):
            await asyncio.sleep(max(0.0, began + number / per_second - loop.time()))
            round_, chat = divmod(number, len(room.chats))
            group.create_task(_write(sandbox, room, Tag(run, chat, round_), sent))
    return sent


async def _write(sandbox: SandboxClient, room: Room, tag: Tag, sent: dict[Tag, float]) -> None:
    sent[tag] = time.time()
    await sandbox.write(room, tag)
