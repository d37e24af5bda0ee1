"""Makes the anchor of a day: the root over all trails, its leaves and its text in the store, its row."""

import asyncio
import hashlib
import tempfile
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import BinaryIO, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.evidence.leaves import PAGE, LeavesFile
from domain.evidence.anchor import MOST_MISSED, Anchor, due_days, name_of
from domain.evidence.trail import Content
from domain.kernel.clock import Clock
from gateways.storage.client import Storage
from models.evidence.anchor import AnchorRow, unfinished
from models.evidence.heads import clients_with_trail, trail_events
from models.kernel.database import Sessions

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"


@dataclass(frozen=True)
class AnchorOf:
    """An anchor by its day (ISO 8601) and, after the first of a day, its number."""

    day: str
    extra: int = 0

    @property
    def name(self) -> str:
        return name_of(date.fromisoformat(self.day), self.extra)


class AnchorActivities:
    """`stamps`: whether there is an authority; without one no anchor waits for its stamp."""

    def __init__(self, sessions: Sessions, storage: Storage, zone: ZoneInfo, now: Clock, *, stamps: bool) -> None:
        self.sessions, self.storage, self.zone, self.now, self.stamps = sessions, storage, zone, now, stamps

    @activity.defn
    async def due_anchors(self) -> list[AnchorOf]:
        """Anchors that were begun and not finished, then days without one; oldest first."""
        async with self.sessions() as session:
            begun = await unfinished(session, MOST_MISSED, stamps=self.stamps)
            newest = await AnchorRow.newest_day(session)
        days = due_days(newest, self.now(), self.zone)
        return [*(AnchorOf(one.day.isoformat(), one.extra) for one in begun), *(AnchorOf(str(day)) for day in days)]

    @activity.defn
    async def make_anchor(self, anchor: AnchorOf) -> int:
        """Returns the number of the anchor; one that is there already is kept."""
        day = date.fromisoformat(anchor.day)
        async with self.sessions() as session:
            row = await AnchorRow.of_day(session, day, anchor.extra)
        row = row or await self._make(day, anchor.extra)
        # After the commit: the row gives the same bytes at any time, so a crash in between is repaired by a repeat.
        if not await self.storage.exists(row.file_key):
            await self.storage.put(row.file_key, row.anchor().text(), JSON)
        return row.seq

    async def _make(self, day: date, extra: int) -> AnchorRow:
        with tempfile.TemporaryFile() as file:
            leaves = await self._write_leaves(file)
            folder = f"anchors/{name_of(day, extra)}"
            key = f"{folder}/leaves-{leaves.sha256[:16]}.jsonl"
            file.seek(0)
            await self.storage.put_stream(key, file, leaves.bytes, LINES)
        async with self.sessions.begin() as session:
            await AnchorRow.lock(session)
            made = await AnchorRow.of_day(session, day, extra)
            if made is None:
                made = _row(day, extra, leaves, await AnchorRow.newest(session), self.now(), key)
                session.add(made)
        if made.leaves_key != key:
            await self.storage.delete(key)
        return made

    async def _write_leaves(self, file: BinaryIO) -> LeavesFile:
        """All trails, page by page: each page is consistent in itself, which is enough for trails that only grow."""
        leaves, after = LeavesFile(file), None
        while True:
            async with self.sessions() as session:
                clients = await clients_with_trail(session, after, PAGE)
                contents: dict[UUID, Content] = {}
                async for client_id, event in trail_events(session, clients):
                    contents.setdefault(client_id, Content()).follow(event)
            page = [contents[client_id].leaf(client_id) for client_id in clients if client_id in contents]
            await asyncio.to_thread(leaves.add, page)
            if len(clients) < PAGE:
                return leaves
            after = clients[-1]

    async def make_now(self) -> AnchorOf:
        """Another anchor of today beside those that there are."""
        day = self.now().astimezone(self.zone).date()
        async with self.sessions() as session:
            extra = await AnchorRow.next_extra(session, day)
        made = AnchorOf(day.isoformat(), extra)
        await self.make_anchor(made)
        return made


def _row(
    day: date, extra: int, leaves: LeavesFile, before: AnchorRow | None, at: datetime, leaves_key: str
) -> AnchorRow:
    anchor = Anchor(
        seq=before.seq + 1 if before else 1,
        day=day,
        extra=extra,
        made_at=at,
        leaves=leaves.tree.size,
        root=leaves.tree.root(),
        previous_root=before.root if before else None,
        previous_sha256=before.sha256 if before else None,
    )
    sha256 = hashlib.sha256(anchor.text()).hexdigest()
    return AnchorRow(
        **asdict(anchor),
        file_key=f"anchors/{anchor.name}/anchor-{sha256[:16]}.json",
        sha256=sha256,
        leaves_key=leaves_key,
        leaves_sha256=leaves.sha256,
    )
