"""From Avito to the topic: read what the chat has, store what is new, show what waits, mark the chat read."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from temporalio import activity

from activities.avito.account import Accounts, Opened
from activities.conversations.avito_side.mark_read import ReadMarker
from activities.conversations.avito_side.read_chat import ChatReader, NoChat
from activities.conversations.core.later import Later, later_of_avito, sooner
from activities.conversations.core.messages import Conversation, Standing
from activities.conversations.core.snapshot import Snapshot, next_try, snapshot_of
from activities.conversations.core.standing import is_to_mark_read, standing_of
from activities.conversations.telegram_side.show_messages import TopicWriter
from domain.kernel.clock import Clock
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected
from models import AvitoHint
from models.conversations.context import dialog_context
from models.kernel.database import Sessions, at_once

TURN: Final = timedelta(seconds=40)
"""One call works that long; then the other direction has its turn."""


class ShowActivities:
    """Killed anywhere, the next call begins at the rows: reading is by unique key, showing is claimed."""

    def __init__(
        self,
        sessions: Sessions,
        accounts: Accounts,
        reader: ChatReader,
        writer: TopicWriter,
        read_marker: ReadMarker,
        now: Clock,
    ) -> None:
        self.sessions, self.accounts, self.reader = sessions, accounts, reader
        self.writer, self.read_marker, self.now = writer, read_marker, now
        self.at_once = at_once(sessions)

    @activity.defn
    async def show(self, conversation: Conversation) -> Standing:
        """Bring everything that the chat has into the topic, in order, or say what it waits for.

        While Avito is away, what was read before is shown all the same.
        """
        later: Later | None = None
        opened: Opened | None = None
        hints: Sequence[str] = ()
        try:
            with later_of_avito(lambda: next_try(conversation, self.now()), Rejected):
                opened = await self.accounts.opened(conversation.account_id)
                hints = await self._hints(conversation)
                snapshot = await self.reader.read_chat(conversation, opened)
            if snapshot is None:
                return await self._followed(conversation, hints, Standing())
        except NoChat:
            # What was read before is shown all the same.
            snapshot = await self._as_it_is(conversation)
            if snapshot is None:
                return await self._followed(conversation, hints, Standing(known=False))
        except Later as found:
            if found.trouble is Trouble.GONE:
                return Standing(known=False)
            later, snapshot = found, await self._as_it_is(conversation)
        if snapshot is None:
            assert later is not None
            return Standing(to_show=True, show_at=later.at, trouble=later.trouble)
        is_read = later is None
        try:
            # From here on: a slow list must not take the turn of those that it brings.
            await self.writer.show_waiting(snapshot, opened, self.now() + TURN)
            if opened is not None and is_to_mark_read(snapshot):
                await self.read_marker.mark_read(snapshot, opened)
        except Later as found:
            later = sooner(later, found)
        standing = standing_of(snapshot, show=later)
        return await self._followed(conversation, snapshot.listed.union(hints), standing) if is_read else standing

    async def _hints(self, conversation: Conversation) -> Sequence[str]:
        """Looked up before the chat is read: what is hinted at later may not be in what is read now."""
        async with self.at_once.connect() as connection:
            return await AvitoHint.open_in(connection, conversation.account_id, conversation.chat_id)

    async def _followed(self, conversation: Conversation, hints: Collection[str], standing: Standing) -> Standing:
        """With the wish to read again where there is more, of which nobody was told because we were at it.

        A wish with a time outlives what other steps say of where the conversation stands.
        """
        async with self.at_once.connect() as connection:
            more = await AvitoHint.take(connection, conversation.account_id, conversation.chat_id, hints, self.now())
        return replace(standing, known=True, to_show=True, show_at=self.now()) if more else standing

    async def _as_it_is(self, conversation: Conversation) -> Snapshot | None:
        async with self.sessions() as session:
            context = await dialog_context(session, conversation.account_id, conversation.chat_id)
            return await snapshot_of(session, conversation, context) if context is not None else None
