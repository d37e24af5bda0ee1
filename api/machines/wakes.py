"""Wake signals sent in the background: one at a time for each workflow, and one more if news came meanwhile."""

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
"""Signals sent at the same time; others wait."""

GOODBYE: Final = 3.0
"""Seconds that running signals have at shutdown."""

Signal: TypeAlias = Callable[[], Awaitable[None]]

log = logging.getLogger("privet.waking")


@dataclass(frozen=True)
class Sleeper:
    """The workflow of a conversation; without chat and side the workflow of an account or a bot."""

    kind: str
    id: UUID
    chat_id: str = ""
    side: Side | None = None


class Signals:
    """Sends signals one at a time for each workflow; a failure is logged and not repeated."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._under_way: dict[Sleeper, asyncio.Task[None]] = {}
        self._again: set[Sleeper] = set()

    def send(self, sleeper: Sleeper, signal: Signal) -> None:
        """Send soon. While one for the same workflow runs, all further requests become one more after it."""
        if sleeper in self._under_way:
            self._again.add(sleeper)
        else:
            self._under_way[sleeper] = asyncio.create_task(self._until_quiet(sleeper, signal))

    async def close(self) -> None:
        """Waits for running signals, then cancels them."""
        under_way = list(self._under_way.values())
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GOODBYE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _until_quiet(self, sleeper: Sleeper, signal: Signal) -> None:
        try:
            while True:
                async with self._turns:
                    # This signal covers everything that is committed by now.
                    self._again.discard(sleeper)
                    await _once(sleeper, signal)
                if sleeper not in self._again:
                    return
        finally:
            self._again.discard(sleeper)
            del self._under_way[sleeper]


class Wakes:
    """Callers commit their rows first: the account's sweep finds what a lost signal should have told."""

    def __init__(self, temporal: Temporal, sweep_every: timedelta) -> None:
        self._temporal, self._sweep_every = temporal, sweep_every
        self._signals = Signals()

    def conversation(self, account_id: UUID, chat_id: str, side: Side) -> None:
        signal = partial(wake_conversation, self._temporal, account_id, chat_id, side, PATIENCE)
        self._signals.send(Sleeper("conversation", account_id, chat_id, side), signal)

    def account(self, account_id: UUID) -> None:
        """The account's settings have changed, or it was deleted."""
        signal = partial(wake_account, self._temporal, account_id, PATIENCE, self._sweep_every)
        self._signals.send(Sleeper("account", account_id), signal)

    def bot(self, bot_id: UUID) -> None:
        """The bot has an errand, its settings have changed, or it was deleted."""
        self._signals.send(Sleeper("bot", bot_id), partial(wake_bot, self._temporal, bot_id, PATIENCE))

    def woken(self, news: Woken | WokenBot) -> None:
        match news:
            case Woken():
                self.conversation(news.account_id, news.chat_id, news.side)
            case WokenBot():
                self.bot(news.bot_id)

    async def close(self) -> None:
        """Waits `GOODBYE` seconds for running signals."""
        await self._signals.close()


async def _once(sleeper: Sleeper, signal: Signal) -> None:
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await signal()
    except (TimeoutError, RPCError, RuntimeError) as error:
        # RuntimeError is what a client says that never could connect.
        fields = {"workflow": sleeper.kind, "id": str(sleeper.id), "error": type(error).__name__}
        log.warning("wake is left to the sweep", extra={FIELDS: fields})
