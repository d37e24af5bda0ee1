"""Open conversations that wait for their auto-reply: their cost, and the delay of the replies."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

import wiring
from activities.conversations.core.wake import Side
from bench.relay.children import cpu_seconds, megabytes
from bench.relay.counts import Tag, percentile
from bench.relay.load import LANES
from bench.relay.product import Product, ServingProduct
from bench.relay.sandbox import Room, SandboxClient
from bench.relay.timers import timer_lateness
from settings import Settings
from workflows.conversations.starting import wake_conversation

WARM = 100
"""Conversations before the first measurement of memory."""
FAR = 3600
"""Seconds of the auto-reply's delay, the maximum."""
AHEAD = timedelta(seconds=60)
"""Time before the common due moment, in which the timers are set."""
LATEST = 120.0
"""Seconds after which a reply counts as missing."""
SETTLE, IDLE = 20.0, 60.0
LOOK_EVERY = 2.0
PATIENCE = timedelta(seconds=30)

REPLY = {
    "auto_reply_enabled": True,
    "auto_reply_always": True,
    "auto_reply_timezone": "Europe/Moscow",
    "auto_reply_text": "Здравствуйте! Мы скоро ответим.",
    "auto_reply_delay_seconds": FAR,
}
WAITING = "SELECT count(*) FROM dialogs WHERE auto_reply_due_at IS NOT NULL AND first_unanswered_at IS NOT NULL"
NOT_SHOWN = "SELECT count(*) FROM dialog_messages WHERE settled_at IS NULL"
MAKE_DUE = """
    UPDATE dialogs SET auto_reply_due_at = $1
    WHERE id IN (SELECT id FROM dialogs ORDER BY number DESC LIMIT $2)
    RETURNING avito_account_id, avito_dialog_id
"""


@dataclass(frozen=True)
class SleepersResult:
    """Memory in kilobytes per conversation, CPU in milliseconds to open and to answer one, idle in % of a core.

    Lateness is p50, p95 and maximum, in milliseconds from the due moment to Avito's answer; `floor` is that of as many
    bare workflows, to the start of an empty activity.
    """

    count: int
    per_second: float
    opening: Mapping[str, float]
    memory: Mapping[str, float]
    idle: Mapping[str, float]
    due: int
    missing: int
    answering: Mapping[str, float]
    late: tuple[float, float, float]
    floor: tuple[float, float, float]


class Sleepers:
    def __init__(self, sandbox: SandboxClient, product: Product, environment: Mapping[str, str]) -> None:
        self.sandbox, self.product = sandbox, product
        self.settings = Settings.model_validate({name.lower(): value for name, value in environment.items()})

    async def measure(self, count: int, due: int) -> SleepersResult:
        room = await self.sandbox.room("sleep", WARM + count)
        database = await asyncpg.connect(self.product.stack.database_url.replace("+asyncpg", ""))
        async with self.product.serving(room) as serving:
            await serving.api.call("PATCH", "/api/clients/me", REPLY)
            await self._open(room, database, 0, WARM)
            memory, cpu, began = megabytes(serving.pids()), cpu_seconds(serving.pids()), time.monotonic()
            await self._open(room, database, WARM, WARM + count)
            seconds, opened = time.monotonic() - began, cpu_seconds(serving.pids())
            await asyncio.sleep(SETTLE)
            grown = megabytes(serving.pids())
            idle = await _idle(serving)
            late, answering = await self._wake(serving, database, due)
        await database.close()
        floor = await timer_lateness(self.product.stack.temporal_address, due, AHEAD)
        return SleepersResult(
            count=count,
            per_second=count / seconds,
            opening={name: (opened[name] - cpu[name]) * 1000 / count for name in opened},
            memory={name: (grown[name] - memory[name]) * 1024 / count for name in grown},
            idle=idle,
            due=due,
            missing=due - len(late),
            answering=answering,
            late=_spread(late),
            floor=_spread(floor),
        )

    async def _open(self, room: Room, database: asyncpg.Connection, first: int, last: int) -> None:
        """Write to each of these chats, and wait until all messages are in topics and all timers are set."""
        chats = iter(range(first, last))

        async def lane() -> None:
            for chat in chats:
                await self.sandbox.write(room, Tag("sleep", chat, 0))

        await asyncio.gather(*(lane() for _ in range(LANES)))
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if await database.fetchval(WAITING) >= last and not await database.fetchval(NOT_SHOWN):
                return

    async def _wake(
        self, serving: ServingProduct, database: asyncpg.Connection, count: int
    ) -> tuple[list[float], dict[str, float]]:
        """Lateness of each answer in milliseconds, and CPU milliseconds per answer until its copy is shown."""
        moment, chats = await self._make_due(database, count)
        await self.sandbox.clear_journal()
        await asyncio.sleep(max(0.0, moment - time.time()))
        before = cpu_seconds(serving.pids())
        replies: dict[str, float] = {}
        is_shown = False
        while not (len(replies) == chats and is_shown) and time.time() < moment + LATEST:
            await asyncio.sleep(LOOK_EVERY)
            replies, is_shown = await self.sandbox.posts(), not await database.fetchval(NOT_SHOWN)
        after = cpu_seconds(serving.pids())
        late = [(taken - moment) * 1000 for taken in replies.values()]
        return late, {name: (after[name] - before[name]) * 1000 / count for name in after}

    async def _make_due(self, database: asyncpg.Connection, count: int) -> tuple[float, int]:
        """Set a common due moment; returns it in Unix seconds, and the number of conversations."""
        at = datetime.now(UTC) + AHEAD
        chats = await database.fetch(MAKE_DUE, at, count)
        temporal = await wiring.temporal(self.settings, wiring.keyring(self.settings), lazy=False)
        for account, chat in chats:
            await wake_conversation(temporal, UUID(str(account)), chat, Side.STAFF, PATIENCE)
        return at.timestamp(), len(chats)


def _spread(late: list[float]) -> tuple[float, float, float]:
    return percentile(late, 0.5), percentile(late, 0.95), max(late, default=0.0)


async def _idle(serving: ServingProduct) -> dict[str, float]:
    before = cpu_seconds(serving.pids())
    await asyncio.sleep(IDLE)
    after = cpu_seconds(serving.pids())
    return {name: (after[name] - before[name]) * 100 / IDLE for name in after}
