"""Sweep over an account's chats: finds what lost webhooks and wakes have missed."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from activities.avito.account import AccountAway, Accounts, Opened
from activities.conversations.core.wake import Side, Wake
from domain.kernel.turns import Urgency
from gateways.avito.client import LIST_LIMIT, MAX_OFFSET
from gateways.avito.shapes import Chat
from models import Account
from models.conversations.message import Direction
from models.conversations.sweep import KnownMessage, known_messages, waiting_chats

OVERLAP: Final = timedelta(seconds=120)
"""How far a sweep looks behind the watermark: Avito's lists may be late."""

LATE: Final = timedelta(seconds=10)
"""A row older than this without progress has lost its wake."""

OLD: Final = timedelta(minutes=2)
OLD_EVERY: Final = timedelta(minutes=10)
"""Rows older than `OLD` wait for a key or a service: they are woken only every `OLD_EVERY`."""

BEGUN_FOR: Final = timedelta(minutes=1)
"""How long pages that were read before a call was put off are of use; less than `OVERLAP`."""

MOST_WAITING: Final = 200
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE: Final = 10
NO_CHATS: Final = timedelta(days=1)
AHEAD: Final = timedelta(hours=1)
"""Largest lead of Avito's clock; a watermark further ahead would blind later sweeps."""


@dataclass
class _Pass:
    """Pages of a sweep, the unread ones under true: a sweep that is put off goes on behind them."""

    since: datetime
    pages: dict[bool, list[list[Chat]]] = field(default_factory=lambda: {False: [], True: []})


class Sweep:
    def __init__(self, accounts: Accounts, wake: Wake) -> None:
        self.accounts, self.wake = accounts, wake
        self._passes: dict[UUID, _Pass] = {}
        self._looked: dict[UUID, datetime] = {}
        self._looked_at_old: dict[UUID, datetime] = {}

    async def wake_waiting(self, account_id: UUID) -> int:
        """Wakes conversations with waiting rows: those since the last sweep, older ones every ten minutes and at the
        first run."""
        now = self.accounts.now()
        old_too = now - self._looked_at_old.get(account_id, LONG_AGO) >= OLD_EVERY
        since = LONG_AGO if old_too else self._looked.get(account_id, now) - OLD
        async with self.accounts.sessions() as session:
            waiting = await waiting_chats(session, account_id, (since, now - LATE), MOST_WAITING)
        for chat_id, direction in waiting:
            await self.wake(account_id, chat_id, Side.STAFF if direction is Direction.TELEGRAM else Side.BUYER)
        self._looked[account_id] = now
        if old_too:
            self._looked_at_old[account_id] = now
        return len(waiting)

    async def wake_changed(self, opened: Opened) -> int:
        """Raises AccountAway when it is put off; what it has read until then is of use to the next try."""
        now, account_id = self.accounts.now(), opened.account.id
        begun = self._passes.pop(account_id, None)
        if begun is None or now - begun.since > BEGUN_FOR:
            begun = _Pass(now)
        try:
            return await self._wake_changed(opened, begun)
        except AccountAway:
            self._passes[account_id] = begun
            raise

    async def _wake_changed(self, opened: Opened, begun: _Pass) -> int:
        if opened.account.watermark is None:
            return await self._connect(opened, begun)
        since = opened.account.watermark - OVERLAP
        listed, ended = await self._changed_since(opened, begun, since)
        if not ended:
            # More has changed than Avito lists: the rest is in the list of unread chats.
            listed += [chat for chat in await self._unread(opened, begun) if chat.updated_at >= since]
        chats = list({chat.id: chat for chat in listed}.values())
        news = await self._news(opened.account, chats)
        await self._wake_all(opened.account.id, news)
        if chats:
            latest = max(chat.updated_at for chat in chats)
            await self._remember(opened.account, max(latest, opened.account.watermark))
        return len(news)

    async def _connect(self, opened: Opened, begun: _Pass) -> int:
        """First sweep: wakes unread chats and leaves history alone.

        `connected_at` is committed first, because conversations go by it; the watermark (Avito's time) last, because
        until then the next sweep is still the first. Messages of the same second or listed late are within the overlap
        of the next one.
        """
        account = opened.account
        await self._remember(account, None)
        first = await self._page(opened, begun, 0)
        unread = await self._unread(opened, begun)
        await self._wake_all(account.id, [chat.id for chat in unread])
        latest = max((chat.updated_at for chat in (*first, *unread)), default=self.accounts.now() - NO_CHATS)
        await self._remember(account, latest)
        return len(unread)

    async def _changed_since(self, opened: Opened, begun: _Pass, since: datetime) -> tuple[list[Chat], bool]:
        """Chats changed from `since` on, and whether the list is complete. Avito promises no order within a page."""
        found: list[Chat] = []
        for offset in range(0, MAX_OFFSET + 1, LIST_LIMIT):
            page = await self._page(opened, begun, offset)
            new = [chat for chat in page if chat.updated_at >= since]
            found += new
            if not new or len(page) < LIST_LIMIT:
                return found, True
        return found, False

    async def _unread(self, opened: Opened, begun: _Pass) -> list[Chat]:
        found: list[Chat] = []
        for offset in range(0, MAX_OFFSET + 1, LIST_LIMIT):
            page = await self._page(opened, begun, offset, unread_only=True)
            found += page
            if len(page) < LIST_LIMIT:
                break
        return list({chat.id: chat for chat in found}.values())

    async def _page(self, opened: Opened, begun: _Pass, offset: int, *, unread_only: bool = False) -> list[Chat]:
        known = begun.pages[unread_only]
        if offset == len(known) * LIST_LIMIT:
            page = await self.accounts.read(
                opened,
                lambda avito: avito.chats(limit=LIST_LIMIT, offset=offset, unread_only=unread_only),
                Urgency.SWEEP,
            )
            known.append(page)
        return known[offset // LIST_LIMIT]

    async def _news(self, account: Account, chats: Sequence[Chat]) -> list[str]:
        last = {chat.id: chat.last_message.id for chat in chats if chat.last_message}
        async with self.accounts.sessions() as session:
            known = await known_messages(session, account.id, last)
        news = [chat for chat in chats if _is_news(chat, known.get(chat.id))]
        return [chat.id for chat in news if chat.id in known or not _is_history(chat, account)]

    async def _wake_all(self, account_id: UUID, chat_ids: Iterable[str]) -> None:
        places = asyncio.Semaphore(AT_ONCE)

        async def wake(chat_id: str) -> None:
            async with places:
                await self.wake(account_id, chat_id, Side.BUYER)

        await asyncio.gather(*map(wake, chat_ids))

    async def _remember(self, account: Account, watermark: datetime | None) -> None:
        """Stores both times; they only move forward."""
        async with self.accounts.sessions.begin() as session:
            row = await Account.find(session, account.id, lock=True)
            if row is None:
                return
            row.connected_at = account.connected_at = row.connected_at or self.accounts.now()
            if watermark is not None:
                watermark = min(watermark, self.accounts.now() + AHEAD)
                row.watermark = max(watermark, row.watermark or watermark)


def _is_news(chat: Chat, known: KnownMessage | None) -> bool:
    """The last message was not read, or was deleted or read by the buyer since."""
    last = chat.last_message
    if last is None:
        return False
    if known is None or not known.listed:
        return True
    return (last.type == "deleted" and not known.deleted) or (last.read is not None and not known.read)


def _is_history(chat: Chat, account: Account) -> bool:
    """Whether a chat with an unknown last message is older than the account and was listed by an earlier sweep."""
    since, seen = account.connected_at or account.created_at, account.watermark
    return seen is not None and chat.updated_at <= seen and chat.updated_at < since.replace(microsecond=0)
