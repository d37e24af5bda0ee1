"""Buyers who write: all at once from a number of lanes, or at an even pace; each message knows when it was written."""

import asyncio
import time

from bench.relay.stand import Room, Stand
from bench.relay.tally import Tag

LANES = 16


async def burst(stand: Stand, room: Room, run: str, messages: int) -> dict[Tag, float]:
    """As fast as the stand-in takes them; a chat belongs to one lane, so that its order is known."""
    sent: dict[Tag, float] = {}
    rounds, chats = messages // len(room.chats), range(len(room.chats))

    async def lane(number: int) -> None:
        for round_ in range(rounds):
            for chat in chats[number::LANES]:
                await _write(stand, room, Tag(run, chat, round_), sent)

    await asyncio.gather(*(lane(number) for number in range(LANES)))
    return sent


async def paced(stand: Stand, room: Room, run: str, messages: int, per_second: float) -> dict[Tag, float]:
    """One chat after another, whether or not the messages before were taken."""
    sent: dict[Tag, float] = {}
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(messages):
            await asyncio.sleep(max(0.0, began + number / per_second - loop.time()))
            round_, chat = divmod(number, len(room.chats))
            group.create_task(_write(stand, room, Tag(run, chat, round_), sent))
    return sent


async def _write(stand: Stand, room: Room, tag: Tag, sent: dict[Tag, float]) -> None:
    sent[tag] = time.time()
    await stand.write(room, tag)
