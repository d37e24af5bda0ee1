"""The sweep over an account's chats: what webhooks have lost is found here, whatever became of them."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from activities.avito.account import Accounts, Opened
from activities.conversations.core.wake import Side, Wake
from gateways.avito.client import LIST_LIMIT, MAX_OFFSET
from gateways.avito.shapes import Chat
from models import Account
from models.conversations.message import Direction
from models.conversations.sweep import KnownMessage, known_messages, waiting_chats

OVERLAP: Final = timedelta(seconds=120)
"""How far behind the watermark a sweep begins: Avito's lists may be late."""

LATE: Final = timedelta(seconds=10)
"""A row that was not taken up in this time has lost its wake."""

OLD: Final = timedelta(minutes=2)
OLD_EVERY: Final = timedelta(minutes=10)
"""Whoever has waited longer than `OLD` is kept by something else (a key, a server): a wake now and then is enough."""

MOST_WAITING: Final = 200
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE: Final = 10
NO_CHATS: Final = timedelta(days=1)
AHEAD: Final = timedelta(hours=1)
"""Avito's clock may be that much ahead of ours; a watermark in the far future would blind all sweeps to come."""

END_OF_TIME: Final = 4_102_444_800
"""2100, in Unix time."""


class Sweep:
    def __init__(self, accounts: Accounts, wake: Wake) -> None:
        self.accounts, self.wake = accounts, wake
        self._looked: dict[UUID, datetime] = {}
        self._looked_at_old: dict[UUID, datetime] = {}

    async def wake_waiting(self, account_id: UUID) -> int:
        """A crash between row and wake, or Temporal away just then: what has come since our last look, with an overlap.

        What is older than that only every ten minutes, and when this worker looks for the first time.
        """
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
        if opened.account.watermark is None:
            return await self._connect(opened)
        since = opened.account.watermark - OVERLAP
        listed, ended = await self._changed_since(opened, since)
        if not ended:
            # More than Avito lists has changed: of the rest, what nobody has read yet is in a list of its own.
            listed += [chat for chat in await self._unread(opened) if _updated(chat) >= since]
        chats = list({chat.id: chat for chat in listed}.values())
        news = await self._news(opened.account, chats)
        await self._wake_all(opened.account.id, news)
        if chats:
            latest = max(map(_updated, chats))
            await self._remember(opened.account, max(latest, opened.account.watermark))
        return len(news)

    async def _connect(self, opened: Opened) -> int:
        """The first sweep: what waits for an answer is woken, and history stays where it is.

        `connected_at` is committed first, because the conversations go by it; the watermark last, because until then
        the next sweep is still the first. It is Avito's own time and not ours. What comes beside this sweep, in the
        same second or listed late, is within the overlap of the next ones.
        """
        account = opened.account
        await self._remember(account, None)
        first = await self.accounts.read(opened, lambda avito: avito.chats(limit=LIST_LIMIT))
        unread = await self._unread(opened)
        await self._wake_all(account.id, [chat.id for chat in unread])
        latest = max(map(_updated, [*first, *unread]), default=self.accounts.now() - NO_CHATS)
        await self._remember(account, latest)
        return len(unread)

    async def _changed_since(self, opened: Opened, since: datetime) -> tuple[list[Chat], bool]:
        """Chats from `since` on, and whether that is all of them. The order of a page is nobody's promise."""
        found: list[Chat] = []
        for offset in range(0, MAX_OFFSET + 1, LIST_LIMIT):
            page = await self._page(opened, offset)
            new = [chat for chat in page if _updated(chat) >= since]
            found += new
            if not new or len(page) < LIST_LIMIT:
                return found, True
        return found, False

    async def _unread(self, opened: Opened) -> list[Chat]:
        found: list[Chat] = []
        for offset in range(0, MAX_OFFSET + 1, LIST_LIMIT):
            page = await self._page(opened, offset, unread_only=True)
            found += page
            if len(page) < LIST_LIMIT:
                break
        return list({chat.id: chat for chat in found}.values())

    async def _page(self, opened: Opened, offset: int, *, unread_only: bool = False) -> list[Chat]:
        return await self.accounts.read(
            opened, lambda avito: avito.chats(limit=LIST_LIMIT, offset=offset, unread_only=unread_only)
        )

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
        """Both only ever go forward."""
        async with self.accounts.sessions.begin() as session:
            row = await Account.find(session, account.id, lock=True)
            if row is None:
                return
            row.connected_at = account.connected_at = row.connected_at or self.accounts.now()
            if watermark is not None:
                watermark = min(watermark, self.accounts.now() + AHEAD)
                row.watermark = max(watermark, row.watermark or watermark)


def _updated(chat: Chat) -> datetime:
    """By the last message where that is younger."""
    last = chat.last_message.created if chat.last_message else 0
    return datetime.fromtimestamp(min(max(chat.updated, last, 0), END_OF_TIME), UTC)


def _is_news(chat: Chat, known: KnownMessage | None) -> bool:
    """A last message that no reading has seen, or that was deleted or read since."""
    last = chat.last_message
    if last is None:
        return False
    if known is None or not known.listed:
        return True
    return (last.type == "deleted" and not known.deleted) or (last.read is not None and not known.read)


def _is_history(chat: Chat, account: Account) -> bool:
    """Of a chat with a last message that we do not know: it is from before we came, and a sweep has listed it."""
    since, seen = account.connected_at or account.created_at, account.watermark
    return seen is not None and _updated(chat) <= seen and _updated(chat) < since.replace(microsecond=0)
