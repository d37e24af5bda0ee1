"""Background wake signals: one in flight per workflow, and one more if requested in the meantime."""

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

from activities.conversations.core.wake import Side, Woken, WokenBot
from logs import FIELDS
from workflows.channels.starting import wake_account, wake_bot
from workflows.conversations.starting import wake_conversation

PATIENCE: Final = timedelta(seconds=5)
AT_ONCE: Final = 20
"""Concurrent signals; others wait."""

GOODBYE: Final = 3.0
"""Seconds for running signals at shutdown."""

Signal: TypeAlias = Callable[[], Awaitable[None]]

log = logging.getLogger("privet.waking")


@dataclass(frozen=True)
class Target:
    """A workflow to wake: of a conversation, or without chat and side, of an account or bot."""

    kind: str
    id: UUID
    chat_id: str = ""
    side: Side | None = None


class Signals:
    """Sends signals one at a time per workflow; a failure is logged and not retried."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._under_way: dict[Target, asyncio.Task[None]] = {}
        self._again: set[Target] = set()

    def send(self, target: Target, signal: Signal) -> None:
        """Sends soon; requests during a signal to the same workflow become one more after it."""
        if target in self._under_way:
            self._again.add(target)
        else:
            self._under_way[target] = asyncio.create_task(self._until_quiet(target, signal))

    async def close(self) -> None:
        """Waits `GOODBYE` seconds for running signals."""
        under_way = list(self._under_way.values())
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GOODBYE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _until_quiet(self, target: Target, signal: Signal) -> None:
        try:
            while True:
                async with self._turns:
                    # This signal covers everything committed until now.
                    self._again.discard(target)
                    await _once(target, signal)
                if target not in self._again:
                    return
        finally:
            self._again.discard(target)
            del self._under_way[target]


class Wakes:
    """Wakes workflows after their rows are committed; a failed signal is left to the account's sweep."""

    def __init__(self, temporal: Temporal, sweep_every: timedelta) -> None:
        self._temporal, self._sweep_every = temporal, sweep_every
        self._signals = Signals()

    def conversation(self, account_id: UUID, chat_id: str, side: Side) -> None:
        signal = partial(wake_conversation, self._temporal, account_id, chat_id, side, PATIENCE)
        self._signals.send(Target("conversation", account_id, chat_id, side), signal)

    def account(self, account_id: UUID) -> None:
        """The account was changed or deleted."""
        signal = partial(wake_account, self._temporal, account_id, PATIENCE, self._sweep_every)
        self._signals.send(Target("account", account_id), signal)

    def bot(self, bot_id: UUID) -> None:
        """The bot has a request, or was changed or deleted."""
        self._signals.send(Target("bot", bot_id), partial(wake_bot, self._temporal, bot_id, PATIENCE))

    def woken(self, news: Woken | WokenBot) -> None:
        match news:
            case Woken():
                self.conversation(news.account_id, news.chat_id, news.side)
            case WokenBot():
                self.bot(news.bot_id)

    async def close(self) -> None:
        """Waits some seconds for running signals."""
        await self._signals.close()


async def _once(target: Target, signal: Signal) -> None:
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await signal()
    except (TimeoutError, RPCError, RuntimeError) as error:
        # A client that has never connected raises RuntimeError.
        fields = {"workflow": target.kind, "id": str(target.id), "error": type(error).__name__}
        log.warning("wake is left to the sweep", extra={FIELDS: fields})
