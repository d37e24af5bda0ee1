"""From rows to the topic, in order: claimed, sent, settled; a repeat after an unknown outcome says that it may be one.

Killed after a claim and before its settlement, a row is shown again with the mark; killed before the claim, nothing
has happened. A claim that was certainly not used is given back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from activities.avito.account import Opened
from activities.conversations.core.later import Later, later_of_telegram
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.attachment import Bytes, Files, NoFile
from activities.conversations.telegram_side.reaction import Reactions
from activities.conversations.telegram_side.rendering import (
    Batch,
    File,
    Part,
    Words,
    is_file,
    is_plain,
    parts_of,
    post,
    unshowable,
    words_of,
)
from activities.conversations.telegram_side.telegram_group import Groups
from activities.conversations.telegram_side.topic import Topics
from domain.conversations.content import Inbound, Kind
from domain.conversations.topic import topic_text
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.pace import Priority
from domain.kernel.text import TELEGRAM_CAPTION, TELEGRAM_TEXT, coalesce, split_text, utf16
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected, Unknown
from models import Manager, Message
from models.conversations.message import Direction
from models.conversations.topic import copies_of_avito
from models.conversations.topic_claims import claim_showing, give_back, settle_showing
from models.kernel.database import Sessions, at_once

ROOM: Final = "·" * 230
"""Stands for the longest name, and for the mark of a repeat, while texts are counted."""

TRIES: Final = 2
"""Of a send whose outcome stays unknown, before others have their turn."""

SOON: Final = timedelta(seconds=1)

MEDIA_TRIES: Final = 3
"""So often in a row a file is asked for; then the topic is told that there is one."""

FILE_CLAIMS: Final = 6
"""A file whose sending was claimed so often goes as words when Telegram takes those: else it would hold up the rest."""


class TopicWriter:
    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        groups: Groups,
        topics: Topics,
        files: Files,
        reactions: Reactions,
        now: Clock,
    ) -> None:
        self.sessions, self.keyring, self.groups, self.topics = sessions, keyring, groups, topics
        self.at_once = at_once(sessions)
        self.files, self.reactions, self.now = files, reactions, now

    async def show_waiting(self, snapshot: Snapshot, opened: Opened | None, until: datetime) -> None:
        """Show what waits, then put reactions and the topic's state right; Later when something must wait.

        Killed before a settlement: the row is shown again, marked. `until`: somebody else's turn comes first.
        """
        self.groups.note_block(snapshot.context.group)
        try:
            if snapshot.to_show or snapshot.card_missing:
                await self.topics.ensure(snapshot)
            while snapshot.to_show and self.now() < until:
                await self._show(snapshot, await self._batch(snapshot, opened))
        except Later:
            await self._give_back(snapshot)
            raise
        await self._give_back(snapshot)
        if not snapshot.to_show:
            await self.topics.follow_state(snapshot)
        await self.reactions.set_wanted(snapshot)

    async def _batch(self, snapshot: Snapshot, opened: Opened | None) -> Batch:
        """What goes next: its file is at hand and its place in the budget is taken before it is claimed."""
        first = snapshot.to_show[0]
        file = await self._found(snapshot, first, opened) if is_file(first) else None
        if first.id not in snapshot.claimed:
            await self.groups.take_turn(snapshot, Priority.MESSAGE)
            await self._claim(snapshot, self._together(snapshot))
        rows = [row for row in snapshot.to_show if row.id in snapshot.claimed]
        words = [await self._words(snapshot, row) for row in rows]
        if len(rows) > 1:
            # With the marks of a repeat it may be longer than one message.
            return Batch(tuple(rows), tuple(map(Words, split_text("\n\n".join(words), TELEGRAM_TEXT))))
        parts = self._parts(snapshot, first, words[0], file)
        return Batch((first,), tuple(parts), await self._reply_to(snapshot, first))

    def _together(self, snapshot: Snapshot) -> list[Message]:
        """With a budget, texts that wait go as one; a quotation or a file stands alone."""
        rows = snapshot.to_show
        if self.groups.per_minute <= 0:
            return rows[:1]
        plain: list[Message] = []
        for row in rows:
            if not is_plain(row):
                break
            plain.append(row)
        if len(plain) < 2:
            return rows[:1]
        texts = [words_of(row, snapshot.body(self.keyring, row), snapshot.dialog.buyer_name, ROOM) for row in plain]
        return plain[: coalesce(texts)[0].count]

    async def _show(self, snapshot: Snapshot, batch: Batch) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                sent = await self._post(snapshot, batch)
                break
            except Unknown:
                if attempt == TRIES:
                    snapshot.claimed.difference_update(row.id for row in batch.rows)
                    raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now())) from None
                await self._claim(snapshot, batch.rows)
                batch = Batch(batch.rows, await self._marked(snapshot, batch), batch.reply_to)
        await self._settle(snapshot, batch.rows, sent)

    async def _post(self, snapshot: Snapshot, batch: Batch) -> list[int]:
        """The ids of the Telegram messages; what Telegram does not take is told of instead."""
        sent: list[int] = []
        try:
            for part in batch.parts:
                sent.append(await self._one(snapshot, part, None if sent else batch.reply_to))
        except Rejected as refusal:
            sent.append(await self._told(snapshot, refusal))
        except Later:
            if sent:
                # Half of it is there: a repeat has to say so.
                snapshot.claimed.difference_update(row.id for row in batch.rows)
            raise
        return sent

    async def _told(self, snapshot: Snapshot, refusal: Rejected) -> int:
        """Where not even our own words are taken, it is not the message that is refused: it waits."""
        with later_of_telegram(lambda: snapshot.next_try(self.now()), Rejected):
            return await self._one(snapshot, Words(unshowable(refusal)), None)

    async def _one(self, snapshot: Snapshot, part: Part, reply_to: int | None) -> int:
        return await self.topics.send(snapshot, lambda bot, place: post(bot, place, part, reply_to))

    async def _marked(self, snapshot: Snapshot, batch: Batch) -> tuple[Part, ...]:
        """The same with the mark of a repeat over it."""
        words = "\n\n".join([await self._words(snapshot, row) for row in batch.rows])
        files = [part for part in batch.parts if isinstance(part, File)]
        if files and batch.rows[0].show_attempts > FILE_CLAIMS:
            return tuple(self._parts(snapshot, batch.rows[0], words, None))
        if files:
            return (File(files[0].kind, files[0].data, files[0].name, words), *batch.parts[1:])
        spots = [part for part in batch.parts if not isinstance(part, Words)]
        row = batch.rows[0]
        said = parts_of(row, {}, words)
        return (*said, *spots)

    async def _claim(self, snapshot: Snapshot, rows: Iterable[Message]) -> None:
        """Committed before the send: whoever finds the claim without a settlement knows that it may be there."""
        rows = list(rows)
        async with self.at_once.connect() as connection:
            if not await claim_showing(connection, rows):
                # Somebody else works on this conversation: what he does is found in the rows.
                raise Later(None, self.now() + SOON)
        snapshot.claimed.update(row.id for row in rows)

    async def _settle(self, snapshot: Snapshot, rows: Sequence[Message], sent: Sequence[int]) -> None:
        """In one statement with the claim of the next, where that is words only and waits for no budget."""
        done = {row.id for row in rows}
        following = next((row for row in snapshot.to_show if row.id not in done), None)
        if following is not None and (self.groups.per_minute > 0 or not is_plain(following)):
            following = None
        chat_id = snapshot.dialog.telegram_chat_id
        async with self.at_once.connect() as connection:
            # Several rows in one message: an answer to it is an answer to the last.
            claimed = await settle_showing(connection, rows, self.now(), chat_id, sent, following)
        snapshot.claimed -= done
        if claimed and following is not None:
            snapshot.claimed.add(following.id)

    async def _give_back(self, snapshot: Snapshot) -> None:
        """Claims that were never used: nothing was sent under them, so no mark is due."""
        rows = [row for row in snapshot.to_show if row.id in snapshot.claimed]
        if not rows:
            return
        async with self.at_once.connect() as connection:
            await give_back(connection, rows)
        snapshot.claimed.clear()

    def _parts(self, snapshot: Snapshot, row: Message, words: str, file: Bytes | None) -> list[Part]:
        body = snapshot.body(self.keyring, row)
        if file is not None:
            kind = row.kind if row.kind != Kind.VOICE or file.content_type == "audio/ogg" else "document"
            caption = words if utf16(words) <= TELEGRAM_CAPTION else ""
            return [File(kind, file.data, f"{row.kind}-{row.number}.{file.extension}", caption)]
        if is_file(row):
            told = topic_text(Inbound(Kind(row.kind)), buyer=snapshot.dialog.buyer_name or "")
            words = f"{words}\n{told}" if words else told
        return parts_of(row, body, words)

    async def _found(self, snapshot: Snapshot, row: Message, opened: Opened | None) -> Bytes | None:
        """The file of a row; None when it is not to be had, so that the topic is told of it instead."""
        async with self.sessions() as session:
            await snapshot.load_attachments(session, [row])
        files = snapshot.attachments.get(row.id, [])
        try:
            return await self.files.from_avito(snapshot, row, files[0], opened) if files else None
        except NoFile:
            return None
        except Later:
            if snapshot.conversation.tries < MEDIA_TRIES:
                raise
            return None

    async def _words(self, snapshot: Snapshot, row: Message) -> str:
        name = None
        if row.manager_id is not None and row.direction is Direction.TELEGRAM:
            name = await self._name(row.manager_id)
        return words_of(row, snapshot.body(self.keyring, row), snapshot.dialog.buyer_name, name)

    async def _name(self, manager_id: UUID) -> str | None:
        async with self.sessions() as session:
            manager = await session.get(Manager, manager_id)
        return manager.name if manager is not None else None

    async def _reply_to(self, snapshot: Snapshot, row: Message) -> int | None:
        """What the buyer has quoted, where it stands in the topic; or what a notice is about."""
        if row.quote_avito_id is None:
            return row.reply_to_telegram_id if row.direction is Direction.AVITO else None
        async with self.sessions() as session:
            found = await copies_of_avito(session, snapshot.dialog.id, [row.quote_avito_id])
        return found.get(row.quote_avito_id)
