"""From Avito's list of a chat to rows, in one transaction: what is new, what is ours, what was read or deleted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.avito.account import Accounts, Opened
from activities.conversations.avito_side.echo import adopt_echoes, created_at
from activities.conversations.avito_side.new_message import Arrival
from activities.conversations.core.messages import Conversation
from activities.conversations.core.snapshot import Talk, new_notice, talk_of
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.text import one_line, shorten
from gateways.avito.client import MAX_OFFSET
from gateways.avito.shapes import Chat
from gateways.avito.shapes import Message as Listed
from gateways.outcome import Rejected
from models import Dialog, Message
from models.conversations.context import Held, Surroundings, held, surroundings
from models.conversations.sends import mark_read_by_buyer, owned
from models.kernel.database import Sessions

PAGE: Final = 50
UNREAD_AT_FIRST: Final = 10
"""So many unread messages from before the account was connected are taken over; the rest is history."""

LONGEST_ID: Final = 120
LARGEST_ID: Final = 2**63 - 1
DELETED: Final = "Это сообщение удалено в чате Avito."

_NAME: Final = 200
_CITY: Final = 120
_PRICE: Final = 60
_URL: Final = 500
_TITLE: Final = 300


Also: TypeAlias = Callable[[AsyncSession, Talk], Awaitable[None]]


class NoChat(Exception):
    """Avito has no such chat for us, or the account is gone."""


@dataclass(frozen=True)
class _More:
    """The page at hand does not reach what is known."""


@dataclass(frozen=True)
class _Details:
    """The dialog is new, or nothing is known of its listing."""


@dataclass
class _Listing:
    messages: list[Listed]
    offset: int = 0
    complete: bool = False
    chat: Chat | None = None
    asked: bool = False


class Reading:
    def __init__(self, sessions: Sessions, keyring: Keyring, accounts: Accounts, now: Clock) -> None:
        self.sessions, self.keyring, self.accounts, self.now = sessions, keyring, accounts, now

    async def read(self, conversation: Conversation, opened: Opened, also: Also | None = None) -> Talk | None:
        """The conversation with everything that Avito has; None for a chat without anything to show.

        A repeat finds its own rows and changes nothing. Raises NoChat, AccountAway, or the outcome of a call. `also` is
        done in the same transaction, while nobody else changes the dialog.
        """
        listing = _Listing([])
        await self._page(conversation, opened, listing)
        while True:
            async with self.sessions.begin() as session:
                found = await self._take(session, conversation, opened, listing)
                if isinstance(found, Talk) and also is not None:
                    await also(session, found)
            match found:
                case _More():
                    await self._page(conversation, opened, listing)
                case _Details():
                    await self._details(conversation, opened, listing)
                case _:
                    return found

    async def _page(self, conversation: Conversation, opened: Opened, listing: _Listing) -> None:
        offset = listing.offset
        try:
            page = await self.accounts.read(
                opened, lambda avito: avito.messages(conversation.chat_id, limit=PAGE, offset=offset)
            )
        except Rejected:
            raise NoChat(conversation.chat_id) from None
        # A message that came meanwhile moves the others: some are listed twice.
        seen = {one.id for one in listing.messages}
        listing.messages += [one for one in page if one.id not in seen and _is_storable(one.id)]
        listing.offset += PAGE
        listing.complete = len(page) < PAGE or listing.offset > MAX_OFFSET

    async def _details(self, conversation: Conversation, opened: Opened, listing: _Listing) -> None:
        listing.asked = True
        try:
            listing.chat = await self.accounts.read(opened, lambda avito: avito.chat(conversation.chat_id))
        except Rejected:
            raise NoChat(conversation.chat_id) from None

    async def _take(
        self, session: AsyncSession, conversation: Conversation, opened: Opened, listing: _Listing
    ) -> Talk | _More | _Details | None:
        there = await held(session, conversation.account_id, conversation.chat_id, lock=True)
        if there is None:
            return await self._begin(session, conversation, opened, listing)
        if there.dialog.item_title is None and there.dialog.buyer_name is None and not listing.asked:
            return _Details()
        if listing.chat is not None:
            _describe(there.dialog, listing.chat, opened.avito.user_id)
        keys = {f"avito:{one.id}": one for one in listing.messages}
        known = await Message.of_sources(session, there.dialog.id, keys)
        outgoing = [one for one in listing.messages if one.direction == "out"]
        ours = await owned(session, there.dialog.id, [one.id for one in outgoing])
        fresh = [one for key, one in keys.items() if key not in known and one.id not in ours]
        since = _connected(there)
        # What we have sent ourselves does not prove that what came before it was read.
        if not listing.complete and not known and _oldest(listing.messages) >= since:
            return _More()
        new = [one for one in fresh if created_at(one) >= since]
        return await self._add(session, conversation, there, listing, new, known, ours)

    async def _begin(
        self, session: AsyncSession, conversation: Conversation, opened: Opened, listing: _Listing
    ) -> Talk | _More | _Details | None:
        """The first time that anything is heard of this chat."""
        around = await surroundings(session, conversation.account_id)
        if around is None:
            raise NoChat(conversation.chat_id)
        since = _connected(around)
        if not listing.complete and _oldest(listing.messages) >= since:
            return _More()
        new = [one for one in listing.messages if created_at(one) >= since]
        old = [one for one in listing.messages if created_at(one) < since]
        unread = [one for one in old if one.direction == "in" and not one.is_read][:UNREAD_AT_FIRST]
        if not new and not unread:
            return None
        if not listing.asked:
            return _Details()
        dialog = Dialog(
            organisation_id=around.account.organisation_id,
            avito_account_id=around.account.id,
            avito_dialog_id=conversation.chat_id,
            title="",
            created_at=self.now(),
            updated_at=self.now(),
        )
        if listing.chat is not None:
            _describe(dialog, listing.chat, opened.avito.user_id)
        session.add(dialog)
        await session.flush()
        dialog.index()
        there = Held(around.account, around.bot, around.organisation, around.group, dialog)
        before = frozenset(one.id for one in unread)
        return await self._add(session, conversation, there, listing, [*new, *unread], {}, set(), before)

    async def _add(
        self,
        session: AsyncSession,
        conversation: Conversation,
        there: Held,
        listing: _Listing,
        new: list[Listed],
        known: dict[str, datetime | None],
        ours: set[str],
        before: frozenset[str] = frozenset(),
    ) -> Talk:
        """`before`: written before the account was connected, so that nobody is to be answered by a machine."""
        arrival = Arrival(self.keyring, there, self.now())
        there.dialog.listed_until = listing.messages[0].id if listing.messages else None
        wanted = {one.id for one in new}
        adopted = await adopt_echoes(session, self.keyring, there.dialog, new, ours, self.now())
        # Avito lists the newest first and counts whole seconds: among equals its own order decides.
        oldest_first = listing.messages[::-1]
        for one in sorted(oldest_first, key=created_at):
            if one.id in wanted and one.id not in adopted:
                arrival.take(session, one, imported=one.id in before)
        read = [one.id for one in listing.messages if one.direction == "out" and one.read is not None]
        await session.flush()
        session.add_all(arrival.files)
        await mark_read_by_buyer(session, there.dialog.id, [one for one in read if one in ours or one in adopted])
        await self._mark_deleted(session, there.dialog, listing, known)
        await session.flush()
        talk = await talk_of(session, conversation, there)
        talk.bodies |= arrival.bodies
        talk.listed = frozenset(one.id for one in listing.messages)
        return talk

    async def _mark_deleted(
        self, session: AsyncSession, dialog: Dialog, listing: _Listing, known: dict[str, datetime | None]
    ) -> None:
        gone = [f"avito:{one.id}" for one in listing.messages if one.type == "deleted"]
        keys = [key for key in gone if key in known and known[key] is None]
        if not keys:
            return
        for row in await Message.by_sources(session, dialog.id, keys):
            row.deleted_at = self.now()
            if row.settled_at is not None and not row.hidden:
                notice = new_notice(dialog.id, self.keyring, f"deleted:{row.id}", DELETED, self.now())
                notice.quote_avito_id = row.source_key.removeprefix("avito:")
                session.add(notice)


def _connected(around: Surroundings) -> datetime:
    """Whole seconds, as Avito counts."""
    return (around.account.connected_at or around.account.created_at).replace(microsecond=0)


def _is_storable(identity: str) -> bool:
    return len(identity) <= LONGEST_ID and "\0" not in identity and identity.isprintable()


def _oldest(messages: list[Listed]) -> datetime:
    return min((created_at(one) for one in messages), default=datetime.min.replace(tzinfo=UTC) + timedelta(days=1))


def _describe(dialog: Dialog, chat: Chat, user_id: int) -> None:
    buyer, item = chat.buyer(user_id), chat.item
    if buyer is not None:
        dialog.buyer_id, dialog.buyer_name = _whole(buyer.id), shorten(one_line(buyer.name), _NAME)
    if item is not None:
        dialog.item_id = _whole(item.id)
        dialog.item_title = shorten(one_line(item.title), _TITLE)
        dialog.item_price = shorten(one_line(item.price), _PRICE) or None
        dialog.item_url = url if len(url := one_line(item.url)) <= _URL else None
        dialog.item_city = shorten(one_line(item.city), _CITY) or None
    dialog.title = dialog.item_title or dialog.buyer_name or "Чат Avito"
    if dialog.number is not None:
        dialog.index()


def _whole(number: int) -> int | None:
    """Ids may be hashes of any size; one that no column holds is none."""
    return number if -LARGEST_ID <= number <= LARGEST_ID else None
