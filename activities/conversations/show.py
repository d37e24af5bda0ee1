"""Reads the chat on Avito, stores what is new, shows it in the topic, marks the chat read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from temporalio import activity

from activities.avito.account import Accounts, Opened
from activities.conversations.avito_side.chat_details import is_described
from activities.conversations.avito_side.mark_read import ReadMarker
from activities.conversations.avito_side.read_chat import ChatReader, NoChat, Undescribed
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

NAMELESS: Final = timedelta(minutes=1)
"""How long a new topic waits for its name, once the call for it is put off."""


@dataclass
class _Reading:
    """What one attempt knows of the chat, and what has delayed it. `is_complete`: all messages are stored."""

    opened: Opened | None = None
    hints: Sequence[str] = ()
    snapshot: Snapshot | None = None
    is_complete: bool = False
    later: Later | None = None


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

        If Avito does not answer, stored rows are shown all the same. What only waits for Telegram asks nothing of
        Avito until Telegram can be written to.
        """
        if conversation.is_read and (standing := await self._waiting_on(conversation)) is not None:
            return standing
        read = _Reading()
        try:
            with later_of_avito(lambda: next_try(conversation, self.now()), Rejected):
                await self._read(conversation, read)
        except NoChat:
            # Stored rows are shown all the same.
            read.snapshot, read.is_complete = await self._as_it_is(conversation), True
            if read.snapshot is None:
                return await self._followed(conversation, read.hints, Standing(known=False))
        except Later as later:
            if later.trouble is Trouble.GONE:
                return Standing(known=False)
            read.later, read.snapshot = later, read.snapshot or await self._as_it_is(conversation)
        if read.snapshot is None:
            if read.later is None:
                return await self._followed(conversation, read.hints, Standing())
            return Standing(to_show=True, show_at=read.later.at, trouble=read.later.trouble)
        return await self._show_read(conversation, read, read.snapshot)

    async def _read(self, conversation: Conversation, read: _Reading) -> None:
        """Begins where the attempt before was put off."""
        read.opened = await self.accounts.opened(conversation.account_id, who=conversation.chat_id)
        if conversation.is_read:
            read.snapshot, read.is_complete = await self._as_it_is(conversation), True
            if read.snapshot is not None:
                await self.reader.describe(read.snapshot, read.opened)
            return
        if not self.reader.is_begun(conversation):
            read.hints = await self._hints(conversation)
        try:
            read.snapshot = await self.reader.read_chat(conversation, read.opened)
        except Undescribed as stored:
            read.snapshot, read.is_complete = stored.snapshot, True
            raise
        read.is_complete = True

    async def _show_read(self, conversation: Conversation, read: _Reading, snapshot: Snapshot) -> Standing:
        later = read.later
        if later is None or not self._has_no_name_yet(snapshot, later):
            later = sooner(later, await self._show(snapshot, read.opened))
        standing = replace(standing_of(snapshot, show=later), is_read=read.is_complete and later is not None)
        if not read.is_complete:
            return standing
        return await self._followed(conversation, snapshot.listed.union(read.hints), standing)

    async def _show(self, snapshot: Snapshot, opened: Opened | None) -> Later | None:
        try:
            # The limit begins here: a slow read must not use up the time for showing.
            await self.writer.show_waiting(snapshot, opened, self.now() + TURN)
            if opened is not None and is_to_mark_read(snapshot):
                await self.read_marker.mark_read(snapshot, opened)
        except Later as later:
            return later
        return None

    def _has_no_name_yet(self, snapshot: Snapshot, later: Later) -> bool:
        """Whether the topic is better made a little later, when the chat's item or buyer are known."""
        new = snapshot.dialog.telegram_topic_id is None and not is_described(snapshot.dialog)
        return new and later.trouble is Trouble.TURN and self.now() - snapshot.dialog.created_at < NAMELESS

    async def _waiting_on(self, conversation: Conversation) -> Standing | None:
        """The standing of a dialog whose topic still cannot be written to; None if it can."""
        snapshot = await self._as_it_is(conversation)
        if snapshot is None:
            return None
        try:
            await self.writer.groups.enter(snapshot)
        except Later as later:
            return replace(standing_of(snapshot, show=later), is_read=True)
        return None

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
        if not more:
            return standing
        at = standing.show_at if standing.trouble is Trouble.TURN else self.now()
        return replace(standing, known=True, to_show=True, show_at=at, is_read=False)

    async def _as_it_is(self, conversation: Conversation) -> Snapshot | None:
        async with self.sessions() as session:
            return await read_snapshot(session, conversation)
