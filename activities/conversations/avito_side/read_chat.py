"""Reads a chat from Avito and stores it in one transaction: new messages, own sends, reads and deletions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.avito.account import AccountAway, Accounts, Opened
from activities.conversations.avito_side.chat_details import NO_TITLE, is_described, note_details
from activities.conversations.avito_side.echo import adopt_echoes
from activities.conversations.avito_side.new_message import NewMessages
from activities.conversations.core.messages import Conversation
from activities.conversations.core.snapshot import Snapshot, new_notice, snapshot_of
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.client import MAX_OFFSET
from gateways.avito.shapes import Chat
from gateways.avito.shapes import Message as Listed
from gateways.outcome import Rejected
from models import Dialog, Message
from models.conversations.context import AccountContext, DialogContext, account_context, dialog_context
from models.conversations.dialog import AVITO_ID
from models.conversations.sends import mark_read_by_buyer, owned
from models.kernel.database import Sessions

PAGE: Final = 50
UNREAD_AT_FIRST: Final = 10
"""Number of unread messages that are imported from before the account was connected."""

BEGUN_FOR: Final = timedelta(seconds=30)
"""How long pages that were read before a call was put off are of use."""

DELETED: Final = "Это сообщение удалено в чате Avito."

Within: TypeAlias = Callable[[AsyncSession, Snapshot], Awaitable[None]]


class NoChat(Exception):
    """Avito does not show the chat, or the account is gone."""


class Undescribed(AccountAway):
    """The messages are stored, as `snapshot` has them; the call for the chat's details was put off."""

    def __init__(self, away: AccountAway, snapshot: Snapshot) -> None:
        super().__init__(away.trouble, away.retry_at)
        self.snapshot = snapshot


@dataclass(frozen=True)
class _More:
    """The pages read do not reach known messages."""


@dataclass(frozen=True)
class _Details:
    """The chat's details are needed: the dialog is new or its listing unknown."""


@dataclass
class _Listing:
    messages: list[Listed]
    since: datetime
    offset: int = 0
    complete: bool = False
    chat: Chat | None = None
    asked: bool = False


class ChatReader:
    def __init__(self, sessions: Sessions, keyring: Keyring, accounts: Accounts, now: Clock) -> None:
        self.sessions, self.keyring, self.accounts, self.now = sessions, keyring, accounts, now
        self._begun: dict[tuple[UUID, str], _Listing] = {}

    def is_begun(self, conversation: Conversation) -> bool:
        """Whether pages of an attempt before are known: a long chat is read on from there."""
        begun = self._begun.get((conversation.account_id, conversation.chat_id))
        return begun is not None and self.now() - begun.since < BEGUN_FOR

    async def read_chat(
        self, conversation: Conversation, opened: Opened, within: Within | None = None
    ) -> Snapshot | None:
        """Stores what Avito has and returns the dialog with its open rows; None for a chat without anything to show.

        A repeat changes nothing. Raises NoChat, AccountAway (Undescribed when all messages are stored), or the outcome
        of a call. `within` runs in the same transaction, while the dialog is locked; it decides on a fresh reading.
        """
        key = (conversation.account_id, conversation.chat_id)
        begun = self.is_begun(conversation) and within is None
        listing = self._begun[key] if begun else _Listing([], self.now())
        self._begun.pop(key, None)
        try:
            return await self._read_on(conversation, opened, listing, within)
        except Undescribed:
            raise
        except AccountAway:
            if listing.offset:
                self._keep(key, listing)
            raise

    def _keep(self, key: tuple[UUID, str], listing: _Listing) -> None:
        self._begun = {key: one for key, one in self._begun.items() if self.now() - one.since < BEGUN_FOR}
        listing.asked = listing.chat is not None
        self._begun[key] = listing

    async def describe(self, snapshot: Snapshot, opened: Opened) -> None:
        """Asks for the details of a stored chat that has no topic yet. Raises AccountAway or the call's outcome."""
        dialog = snapshot.dialog
        if is_described(dialog) or dialog.telegram_topic_id is not None:
            return
        try:
            chat = await self.accounts.read(opened, lambda avito: avito.chat(snapshot.conversation.chat_id))
        except Rejected:
            return
        async with self.sessions.begin() as session:
            session.add(dialog)
            note_details(dialog, chat, opened.avito.user_id)

    async def _read_on(
        self, conversation: Conversation, opened: Opened, listing: _Listing, within: Within | None
    ) -> Snapshot | None:
        if not listing.offset:
            await self._page(conversation, opened, listing)
        while True:
            async with self.sessions.begin() as session:
                found = await self._store(session, conversation, opened, listing)
                if isinstance(found, Snapshot) and within is not None:
                    await within(session, found)
            match found:
                case _More():
                    await self._page(conversation, opened, listing)
                case _Details() if within is None:
                    await self._details_or_rows(conversation, opened, listing)
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
        # A new message shifts the pages, so some are listed twice.
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

    async def _details_or_rows(self, conversation: Conversation, opened: Opened, listing: _Listing) -> None:
        """Put off, the messages are stored all the same: the next attempt begins with the details."""
        try:
            await self._details(conversation, opened, listing)
        except AccountAway as away:
            async with self.sessions.begin() as session:
                stored = await self._store(session, conversation, opened, listing)
            if isinstance(stored, Snapshot):
                raise Undescribed(away, stored) from away
            raise

    async def _store(
        self, session: AsyncSession, conversation: Conversation, opened: Opened, listing: _Listing
    ) -> Snapshot | _More | _Details | None:
        context = await dialog_context(session, conversation.account_id, conversation.chat_id, lock=True)
        if context is None:
            return await self._store_first(session, conversation, opened, listing)
        if not is_described(context.dialog) and not listing.asked:
            return _Details()
        if listing.chat is not None:
            note_details(context.dialog, listing.chat, opened.avito.user_id)
        keys = {f"avito:{one.id}": one for one in listing.messages}
        known = await Message.of_sources(session, context.dialog.id, keys)
        outgoing = [one for one in listing.messages if one.direction == "out"]
        ours = await owned(session, context.dialog.id, [one.id for one in outgoing])
        fresh = [one for key, one in keys.items() if key not in known and one.id not in ours]
        since = _connected(context)
        # Own sends do not prove that earlier messages were read.
        if not listing.complete and not known and _oldest(listing.messages) >= since:
            return _More()
        new = [one for one in fresh if one.created_at >= since]
        return await self._store_new(session, conversation, context, listing, new, known, ours)

    async def _store_first(
        self, session: AsyncSession, conversation: Conversation, opened: Opened, listing: _Listing
    ) -> Snapshot | _More | _Details | None:
        """Stores a chat that has no dialog yet."""
        context = await account_context(session, conversation.account_id)
        if context is None:
            raise NoChat(conversation.chat_id)
        since = _connected(context)
        if not listing.complete and _oldest(listing.messages) >= since:
            return _More()
        new = [one for one in listing.messages if one.created_at >= since]
        old = [one for one in listing.messages if one.created_at < since]
        unread = [one for one in old if one.direction == "in" and not one.is_read][:UNREAD_AT_FIRST]
        if not new and not unread:
            return None
        if not listing.asked:
            return _Details()
        dialog = Dialog(
            organisation_id=context.account.organisation_id,
            avito_account_id=context.account.id,
            avito_dialog_id=conversation.chat_id,
            title=NO_TITLE,
            created_at=self.now(),
            updated_at=self.now(),
        )
        if listing.chat is not None:
            note_details(dialog, listing.chat, opened.avito.user_id)
        session.add(dialog)
        await session.flush()
        dialog.index()
        context = DialogContext(context.account, context.bot, context.organisation, context.group, dialog)
        before = frozenset(one.id for one in unread)
        return await self._store_new(session, conversation, context, listing, [*new, *unread], {}, set(), before)

    async def _store_new(
        self,
        session: AsyncSession,
        conversation: Conversation,
        context: DialogContext,
        listing: _Listing,
        new: list[Listed],
        known: dict[str, datetime | None],
        ours: set[str],
        before: frozenset[str] = frozenset(),
    ) -> Snapshot:
        """`before`: ids from before the account was connected; they get no auto-reply."""
        new_messages = NewMessages(self.keyring, context, self.now())
        context.dialog.listed_until = listing.messages[0].id if listing.messages else None
        wanted = {one.id for one in new}
        adopted = await adopt_echoes(session, self.keyring, context.dialog, new, ours, self.now())
        # Avito lists the newest first and counts whole seconds: among equal times its order decides.
        oldest_first = listing.messages[::-1]
        for one in sorted(oldest_first, key=lambda one: one.created_at):
            if one.id in wanted and one.id not in adopted:
                new_messages.store(session, one, imported=one.id in before)
        read = [one.id for one in listing.messages if one.direction == "out" and one.read is not None]
        await session.flush()
        session.add_all(new_messages.files)
        await mark_read_by_buyer(session, context.dialog.id, [one for one in read if one in ours or one in adopted])
        await self._mark_deleted(session, context.dialog, listing, known)
        await session.flush()
        snapshot = await snapshot_of(session, conversation, context)
        snapshot.bodies |= new_messages.bodies
        snapshot.listed = frozenset(one.id for one in listing.messages)
        return snapshot

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


def _connected(context: AccountContext) -> datetime:
    """When the account was connected, in whole seconds like Avito's times."""
    return (context.account.connected_at or context.account.created_at).replace(microsecond=0)


def _is_storable(identity: str) -> bool:
    return len(identity) <= AVITO_ID and "\0" not in identity and identity.isprintable()


def _oldest(messages: list[Listed]) -> datetime:
    return min((one.created_at for one in messages), default=datetime.min.replace(tzinfo=UTC) + timedelta(days=1))
