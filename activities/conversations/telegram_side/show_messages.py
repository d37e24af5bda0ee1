"""Shows waiting rows in the topic, in order: claimed, sent, settled; a possible repeat is marked.

Killed between claim and settlement, a row is shown again with the mark; killed before the claim, nothing has happened.
A claim that was not used is given back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from activities.avito.account import Opened
from activities.conversations.core.later import Later, later_of_telegram
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.attachment import Bytes, Files
from activities.conversations.telegram_side.buyer_file import BuyerFiles, PutOff, late_notice, untaken
from activities.conversations.telegram_side.reaction import Reactions
from activities.conversations.telegram_side.rendering import (
    Batch,
    File,
    Part,
    Words,
    is_file,
    is_plain,
    place_of,
    post,
    speech_of,
    unshowable,
)
from activities.conversations.telegram_side.telegram_group import Groups
from activities.conversations.telegram_side.topic import Topics
from domain.conversations.content import Kind
from domain.conversations.topic import MOST_TOGETHER, Speech, posts
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.pace import Priority
from domain.kernel.text import TELEGRAM_CAPTION, coalesce
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected, Unknown
from models import Manager, Message
from models.conversations.message import Direction
from models.conversations.topic import copies_of_avito, last_copy
from models.conversations.topic_claims import claim_showing, give_back, settle_showing
from models.kernel.database import Sessions, at_once

ROOM: Final = "·" * 230
"""Placeholder for the longest name and the mark of a repeat when texts are measured."""

TRIES: Final = 2
"""Tries of a send of unknown outcome in one call."""

SOON: Final = timedelta(seconds=1)

FILE_CLAIMS: Final = 6
"""Claims after which words are sent instead of a file that Telegram never confirms, so that later rows go on."""


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
        self.files, self.reactions, self.now = BuyerFiles(sessions, keyring, files, now), reactions, now

    async def show_waiting(self, snapshot: Snapshot, opened: Opened | None, until: datetime) -> None:
        """Shows what waits until `until`, then sets reactions and the topic's state. Raises Later.

        `opened`: the account if the caller has it; a file that needs it opens it otherwise.
        """
        self.groups.note_block(snapshot.context.group)
        try:
            late = snapshot.late_until(self.now())
            if snapshot.to_show or late or snapshot.card_missing:
                await self.topics.ensure(snapshot)
            await self._show_all(snapshot, opened, until)
            for row in late:
                if self.now() < until:
                    row.resume()
                    await self._show_all(snapshot, opened, until)
        except Later:
            await self._give_back(snapshot)
            raise
        await self._give_back(snapshot)
        if not snapshot.to_show:
            await self.topics.follow_state(snapshot)
        await self.reactions.set_wanted(snapshot)

    async def _show_all(self, snapshot: Snapshot, opened: Opened | None, until: datetime) -> None:
        while snapshot.to_show and self.now() < until:
            try:
                batch = await self._batch(snapshot, opened)
            except PutOff:
                continue
            await self._show(snapshot, batch)

    async def _batch(self, snapshot: Snapshot, opened: Opened | None) -> Batch:
        """The next rows to show: the file is fetched and the budget spent before the claim. Raises PutOff or Later."""
        first = snapshot.to_show[0]
        file = await self.files.file_of(snapshot, first, opened) if is_file(first) else None
        if first.id not in snapshot.claimed:
            await self.groups.take_turn(snapshot, Priority.MESSAGE)
            await self._claim(snapshot, self._together(snapshot))
        rows = [row for row in snapshot.to_show if row.id in snapshot.claimed]
        speeches = [await self._speech(snapshot, row) for row in rows]
        if len(rows) > 1:
            # With repeat marks it may exceed one message.
            return Batch(tuple(rows), tuple(map(Words, posts(speeches))))
        parts = self._parts(snapshot, first, speeches[0], file)
        return Batch((first,), tuple(parts), await self._reply_to(snapshot, first))

    def _together(self, snapshot: Snapshot) -> list[Message]:
        """Rows of one message: with a budget, waiting texts are joined; a quotation or a file stands alone."""
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
        speeches = [speech_of(row, snapshot.body(self.keyring, row), ROOM) for row in plain]
        texts = ["\n\n".join(one.text for one in posts([speech])) for speech in speeches]
        return plain[: min(coalesce(texts)[0].count, MOST_TOGETHER)]

    async def _show(self, snapshot: Snapshot, batch: Batch) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                sent, whole = await self._post(snapshot, batch)
                break
            except Unknown:
                if attempt == TRIES:
                    snapshot.claimed.difference_update(row.id for row in batch.rows)
                    raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now())) from None
                await self._claim(snapshot, batch.rows)
                batch = Batch(batch.rows, await self._marked(snapshot, batch), batch.reply_to)
        if is_file(batch.rows[0]):
            whole = whole and any(isinstance(part, File) for part in batch.parts)
            await self.files.note_shown(snapshot, batch.rows[0], whole=whole)
        await self._settle(snapshot, batch.rows, sent)

    async def _post(self, snapshot: Snapshot, batch: Batch) -> tuple[list[int], bool]:
        """Ids of the Telegram messages, and whether all parts are there: a refused one is replaced by a notice."""
        sent: list[int] = []
        try:
            for part in batch.parts:
                sent.append(await self._one(snapshot, part, None if sent else batch.reply_to))
        except Rejected as refusal:
            return [*sent, await self._told(snapshot, refusal)], False
        except Later:
            if sent:
                # A part is shown already: the repeat has to be marked.
                snapshot.claimed.difference_update(row.id for row in batch.rows)
            raise
        return sent, True

    async def _told(self, snapshot: Snapshot, refusal: Rejected) -> int:
        """Sends the notice; refused as well, the cause is not the message, so it waits."""
        with later_of_telegram(lambda: snapshot.next_try(self.now()), Rejected):
            return await self._one(snapshot, unshowable(refusal), None)

    async def _one(self, snapshot: Snapshot, part: Part, reply_to: int | None) -> int:
        return await self.topics.send(snapshot, lambda bot, place: post(bot, place, part, reply_to))

    async def _marked(self, snapshot: Snapshot, batch: Batch) -> tuple[Part, ...]:
        """The same batch under the mark of a repeat."""
        speeches = [await self._speech(snapshot, row) for row in batch.rows]
        file = next((part for part in batch.parts if isinstance(part, File)), None)
        if file is not None and batch.rows[0].show_attempts > FILE_CLAIMS:
            return tuple(self._parts(snapshot, batch.rows[0], speeches[0], untaken(batch.rows[0])))
        if file is not None:
            return tuple(_with_words(file, speeches[0]))
        spots = [part for part in batch.parts if not isinstance(part, Words)]
        return (*map(Words, posts(speeches)), *spots)

    async def _claim(self, snapshot: Snapshot, rows: Iterable[Message]) -> None:
        """Claims rows before they are sent: a claim without settlement means a possible copy."""
        rows = list(rows)
        async with self.at_once.connect() as connection:
            if not await claim_showing(connection, rows):
                # Another worker handles this conversation: its rows are read again soon.
                raise Later(None, self.now() + SOON)
        snapshot.claimed.update(row.id for row in rows)

    async def _settle(self, snapshot: Snapshot, rows: Sequence[Message], sent: Sequence[int]) -> None:
        """Settles the rows and claims the next one in the same statement, if it is plain text without a budget."""
        done = {row.id for row in rows}
        following = next((row for row in snapshot.to_show if row.id not in done), None)
        if following is not None and (self.groups.per_minute > 0 or not is_plain(following)):
            following = None
        chat_id = snapshot.dialog.telegram_chat_id
        async with self.at_once.connect() as connection:
            # For several rows in one message, an answer to it is an answer to the last.
            claimed = await settle_showing(connection, rows, self.now(), chat_id, sent, following)
        snapshot.claimed -= done
        if claimed and following is not None:
            snapshot.claimed.add(following.id)

    async def _give_back(self, snapshot: Snapshot) -> None:
        """Gives back unused claims, so that no repeat mark follows."""
        rows = [row for row in snapshot.to_show if row.id in snapshot.claimed]
        if not rows:
            return
        async with self.at_once.connect() as connection:
            await give_back(connection, rows)
        snapshot.claimed.clear()

    def _parts(self, snapshot: Snapshot, row: Message, speech: Speech, file: Bytes | str | None) -> list[Part]:
        """`file`: the row's file, or what is said instead of it."""
        if isinstance(file, Bytes):
            kind = row.kind if row.kind != Kind.VOICE or file.content_type == "audio/ogg" else "document"
            return _with_words(File(kind, file.data, f"{row.kind}-{row.number}.{file.extension}"), speech)
        if file is not None:
            speech = replace(speech, told=file)
        return [*map(Words, posts([speech])), *place_of(row, snapshot.body(self.keyring, row))]

    async def _speech(self, snapshot: Snapshot, row: Message) -> Speech:
        name = None
        if row.manager_id is not None and row.direction is Direction.TELEGRAM:
            name = await self._name(row.manager_id)
        return speech_of(row, snapshot.body(self.keyring, row), name)

    async def _name(self, manager_id: UUID) -> str | None:
        async with self.sessions() as session:
            manager = await session.get(Manager, manager_id)
        return manager.name if manager is not None else None

    async def _reply_to(self, snapshot: Snapshot, row: Message) -> int | None:
        """The Telegram message of the quoted message, or of what a notice is about; of a file, what was said of it."""
        if row.quote_avito_id is None and is_file(row):
            async with self.sessions() as session:
                return await last_copy(session, snapshot.dialog.id, row.id, f"notice:{late_notice(row)}")
        if row.quote_avito_id is None:
            return row.reply_to_telegram_id if row.direction is Direction.AVITO else None
        async with self.sessions() as session:
            found = await copies_of_avito(session, snapshot.dialog.id, [row.quote_avito_id])
        return found.get(row.quote_avito_id)


def _with_words(file: File, speech: Speech) -> list[Part]:
    """The file with its caption; a longer text follows it."""
    captions = posts([speech], TELEGRAM_CAPTION)
    if len(captions) == 1:
        return [replace(file, caption=captions[0])]
    [caption] = posts([replace(speech, said="", told="")], TELEGRAM_CAPTION)
    return [replace(file, caption=caption), *map(Words, posts([replace(speech, repeated=False)]))]
