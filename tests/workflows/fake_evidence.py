"""Anchors without rows: what is called, and an authority that a test switches off."""

import asyncio
from collections import defaultdict

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.evidence.anchor import AnchorOf


class FakeAnchors:
    """`due` is answered round by round; while `away`, no anchor is stamped."""

    def __init__(self) -> None:
        self.due: list[list[AnchorOf]] = []
        self.calls: list[tuple[str, str]] = []
        self.names: dict[int, str] = {}
        self.away = False
        self.tries: dict[str, int] = defaultdict(int)
        self.news = asyncio.Event()

    def _note(self, what: str, name: str) -> None:
        self.calls.append((what, name))

    def of(self, name: str) -> list[str]:
        return [what for what, whose in self.calls if whose == name]

    @activity.defn
    async def due_anchors(self) -> list[AnchorOf]:
        return self.due.pop(0) if self.due else []

    @activity.defn
    async def make_anchor(self, anchor: AnchorOf) -> int:
        known = {name: seq for seq, name in self.names.items()}
        seq = known.setdefault(anchor.name, len(self.names) + 1)
        self.names[seq] = anchor.name
        self._note("make", anchor.name)
        return seq

    @activity.defn
    async def check_anchor(self, seq: int) -> int:
        self._note("check", self.names[seq])
        return 2

    @activity.defn
    async def stamp_anchor(self, seq: int) -> bool:
        self.tries[self.names[seq]] += 1
        if self.away:
            raise ApplicationError("NotDone")
        self._note("stamp", self.names[seq])
        return True

    @activity.defn
    async def report_unstamped(self, seq: int) -> None:
        self._note("report", self.names[seq])

    @activity.defn
    async def note_owners(self, seq: int) -> int:
        self._note("note", self.names[seq])
        return 1
