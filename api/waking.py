"""Wake signals that nobody waits for: one in flight for each workflow, and one more where news came meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from temporalio.client import Client as Temporal
from temporalio.service import RPCError

from activities.waking import Side, Woken, WokenBot
from logs import FIELDS
from workflows.waking import wake_account, wake_bot, wake_conversation

PATIENCE: Final = timedelta(seconds=5)
AT_ONCE: Final = 20
"""Signals under way at the same time; the others wait for their turn."""

GOODBYE: Final = 3.0
"""Seconds that signals under way are given at the end."""

Signal: TypeAlias = Callable[[], Awaitable[None]]

log = logging.getLogger("privet.waking")


@dataclass(frozen=True)
class Sleeper:
    """A workflow that may have to wake up; without chat and side the workflow of a whole account or bot."""

    kind: str
    id: UUID
    chat_id: str = ""
    side: Side | None = None


class Wakes:
    """The rows are committed before a signal is sent: what cannot be signalled is found by the account's sweep."""

    def __init__(self, temporal: Temporal, sweep_every: timedelta) -> None:
        self._temporal, self._sweep_every = temporal, sweep_every
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[Sleeper, asyncio.Task[None]] = {}
        self._again: set[Sleeper] = set()

    def conversation(self, account_id: UUID, chat_id: str, side: Side) -> None:
        signal = partial(wake_conversation, self._temporal, account_id, chat_id, side, PATIENCE)
        self._send(Sleeper("conversation", account_id, chat_id, side), signal)

    def account(self, account_id: UUID) -> None:
        """Its settings have changed, or it was deleted."""
        signal = partial(wake_account, self._temporal, account_id, PATIENCE, self._sweep_every)
        self._send(Sleeper("account", account_id), signal)

    def bot(self, bot_id: UUID) -> None:
        """It has an errand, its settings have changed, or it was deleted."""
        self._send(Sleeper("bot", bot_id), partial(wake_bot, self._temporal, bot_id, PATIENCE))

    def woken(self, news: Woken | WokenBot) -> None:
        match news:
            case Woken():
                self.conversation(news.account_id, news.chat_id, news.side)
            case WokenBot():
                self.bot(news.bot_id)

    async def close(self) -> None:
        """Nothing is sent after this."""
        under_way = list(self._under_way.values())
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GOODBYE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _send(self, sleeper: Sleeper, signal: Signal) -> None:
        if sleeper in self._under_way:
            self._again.add(sleeper)
            return
        self._under_way[sleeper] = asyncio.create_task(self._until_quiet(sleeper, signal))

    async def _until_quiet(self, sleeper: Sleeper, signal: Signal) -> None:
        try:
            while True:
                async with self._turns:
                    self._again.discard(sleeper)
                    await self._once(sleeper, signal)
                if sleeper not in self._again:
                    return
        finally:
            self._again.discard(sleeper)
            del self._under_way[sleeper]

    async def _once(self, sleeper: Sleeper, signal: Signal) -> None:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await signal()
        except (TimeoutError, RPCError, RuntimeError) as error:
            # RuntimeError is what a client says that never could connect.
            fields = {"workflow": sleeper.kind, "id": str(sleeper.id), "error": type(error).__name__}
            log.warning("wake is left to the sweep", extra={FIELDS: fields})
