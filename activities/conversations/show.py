"""Reads the chat on Avito, stores what is new, shows it in the topic, marks the chat read."""

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
from activities.conversations.core.snapshot import Snapshot, next_try, read_snapshot
from activities.conversations.core.standing import is_to_mark_read, standing_of
from activities.conversations.telegram_side.show_messages import TopicWriter
from domain.kernel.clock import Clock
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected
from models import AvitoHint
from models.kernel.database import Sessions, at_once

TURN: Final = timedelta(seconds=40)
"""Longest work of one call; then the other direction has its turn."""


class ShowActivities:
    """After a kill the next call continues from the rows: reads go by unique key, shows are claimed."""

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
        """Shows the whole chat in the topic, in order, or returns what it waits for.

        If Avito does not answer, stored rows are shown all the same.
        """
        later: Later | None = None
        opened: Opened | None = None
        hints: Sequence[str] = ()
        try:
            with later_of_avito(lambda: next_try(conversation, self.now()), Rejected):
                opened = await self.accounts.opened(conversation.account_id, who=conversation.chat_id)
                hints = await self._hints(conversation)
                snapshot = await self.reader.read_chat(conversation, opened)
            if snapshot is None:
                return await self._followed(conversation, hints, Standing())
        except NoChat:
            # Stored rows are shown all the same.
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
            # The limit begins here: a slow read must not use up the time for showing.
            await self.writer.show_waiting(snapshot, opened, self.now() + TURN)
            if opened is not None and is_to_mark_read(snapshot):
                await self.read_marker.mark_read(snapshot, opened)
        except Later as found:
            later = sooner(later, found)
        standing = standing_of(snapshot, show=later)
        return await self._followed(conversation, snapshot.listed.union(hints), standing) if is_read else standing

    async def _hints(self, conversation: Conversation) -> Sequence[str]:
        """Hints stored before the read; later ones may not be covered by it."""
        async with self.at_once.connect() as connection:
            return await AvitoHint.open_in(connection, conversation.account_id, conversation.chat_id)

    async def _followed(self, conversation: Conversation, hints: Collection[str], standing: Standing) -> Standing:
        """Closes `hints`; if others have come meanwhile, the standing asks to be shown again at once.

        `show_at` is set, because a standing with a time is kept over those of later activities.
        """
        async with self.at_once.connect() as connection:
            more = await AvitoHint.take(connection, conversation.account_id, conversation.chat_id, hints, self.now())
        return replace(standing, known=True, to_show=True, show_at=self.now()) if more else standing

    async def _as_it_is(self, conversation: Conversation) -> Snapshot | None:
        async with self.sessions() as session:
            return await read_snapshot(session, conversation)
