"""Compares the trails of today with the leaves of an earlier anchor: what was rewritten or cut off since is found."""

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID, uuid5

from temporalio import activity

from activities.evidence.leaves import PAGE, LeavesLost, check_leaves, fetch_leaves, read_leaves
from domain.evidence.anchor import Anchor, Finding, Leaf, judge
from domain.evidence.trail import Content
from domain.kernel.clock import Clock
from gateways.storage.client import Storage
from models.evidence.anchor import AnchorCheck, AnchorFinding, AnchorRow
from models.evidence.heads import existing, trail_events
from models.kernel.database import Sessions

log = logging.getLogger("privet.evidence")

MOST_KEPT: Final = 1000
"""Findings that become rows; all are counted."""

NOBODY: Final = UUID(int=0)
"""Stands for the client in a finding about the anchor itself."""

_FINDINGS: Final = UUID("5a0c7d0e-6d0f-4e0a-9a52-1f3d8f5b7c11")


@dataclass(frozen=True)
class Found:
    client_id: UUID
    finding: Finding
    expected: int
    found: int


class CheckActivities:
    def __init__(self, sessions: Sessions, storage: Storage, now: Clock) -> None:
        self.sessions, self.storage, self.now = sessions, storage, now

    @activity.defn
    async def check_anchor(self, seq: int) -> int:
        """Compare the trails with the anchor before this one; returns the number of findings, which are an alarm."""
        async with self.sessions() as session:
            done = await session.get(AnchorCheck, seq)
            before = await AnchorRow.newest(session, before=seq)
        if done is not None:
            return done.findings
        clients, found = await self.compare(before) if before is not None else (0, [])
        async with self.sessions.begin() as session:
            await AnchorRow.lock(session)
            if (done := await session.get(AnchorCheck, seq)) is not None:
                return done.findings
            at = self.now()
            session.add(
                AnchorCheck(
                    anchor_seq=seq,
                    against_seq=before.seq if before else None,
                    clients=clients,
                    findings=len(found),
                    checked_at=at,
                )
            )
            if before is not None:
                session.add_all(_row(one, before.seq, at) for one in found[:MOST_KEPT])
        if found and before is not None:
            log.error("trails differ from the anchor %s: %d findings", before.name, len(found))
        return len(found)

    async def compare(self, row: AnchorRow) -> tuple[int, list[Found]]:
        """The number of compared trails, and those that are not what the anchor says they were."""
        with tempfile.TemporaryFile() as file:
            try:
                if hashlib.sha256(row.anchor().text()).hexdigest() != row.sha256:
                    raise LeavesLost("the anchor's row has changed")
                await fetch_leaves(self.storage, row.leaves_key, file)
                await asyncio.to_thread(check_leaves, file, row.leaves, row.root)
            except LeavesLost:
                return 0, [Found(NOBODY, Finding.LEAVES_LOST, row.leaves, 0)]
            clients, found, leaves = 0, [], read_leaves(file)
            while page := list(islice(leaves, PAGE)):
                clients += len(page)
                found += await self._compare_page(page)
        return clients, found

    async def compare_with(self, text: bytes) -> tuple[int, list[Found]]:
        """The same with an anchor that was kept elsewhere, as it was mailed; it is believed more than the row.

        Raises ValueError for a file that is no anchor.
        """
        anchor = Anchor.parse(text)
        async with self.sessions() as session:
            row = await session.get(AnchorRow, anchor.seq)
        if row is None or row.anchor() != anchor:
            return 0, [Found(NOBODY, Finding.LEAVES_LOST, anchor.leaves, row.leaves if row else 0)]
        return await self.compare(row)

    async def _compare_page(self, page: Sequence[Leaf]) -> list[Found]:
        leaves = {leaf.client_id: leaf for leaf in page}
        contents = {client_id: Content() for client_id in leaves}
        then: dict[UUID, Leaf] = {}
        async with self.sessions() as session:
            there = await existing(session, leaves)
            async for client_id, event in trail_events(session, leaves):
                content = contents[client_id]
                content.follow(event)
                if content.count == leaves[client_id].count:
                    then[client_id] = content.leaf(client_id)
        found = []
        for client_id, leaf in leaves.items():
            count = contents[client_id].count
            finding = judge(leaf, client_id in there, count, then.get(client_id))
            if finding is not None:
                found.append(Found(client_id, finding, leaf.count, count))
        return found


def _row(one: Found, seq: int, at: datetime) -> AnchorFinding:
    return AnchorFinding(
        id=uuid5(_FINDINGS, f"{seq} {one.client_id}"),
        anchor_seq=seq,
        client_id=one.client_id,
        finding=one.finding,
        expected_count=one.expected,
        found_count=one.found,
        found_at=at,
    )
