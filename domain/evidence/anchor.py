"""The daily anchor: what is stamped, and the leaves under it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

FORMAT: Final = "privet-anchor-1"
MOST_MISSED: Final = 31
"""Days that are caught up after the product did not run; what lies further back stays a gap, which the days show."""

LONGEST_LEAF: Final = 256
"""Bytes."""


class Finding(StrEnum):
    """What an earlier anchor shows to be wrong with a trail; `LEAVES_LOST`: the anchor's own leaves do not give its
    root, so that nothing can be compared with them."""

    GONE = "gone"
    CUT_OFF = "cut_off"
    REWRITTEN = "rewritten"
    LEAVES_LOST = "leaves_lost"


@dataclass(frozen=True)
class Leaf:
    """The state of a client's trail: how many events it has, the hash of the last one, and the digest of all texts.

    `head` is made with a key of ours; `content` is not, so that everybody can repeat it from the exported trail
    (`domain.evidence.trail.Content`).
    """

    client_id: UUID
    count: int
    head: bytes
    content: bytes

    def text(self) -> bytes:
        """The bytes that the tree hashes: a JSON array without spaces."""
        return canonical([str(self.client_id), self.count, self.head.hex(), self.content.hex()])

    @staticmethod
    def parse(text: bytes) -> "Leaf":
        """Raises ValueError for anything but the text of a leaf, byte for byte."""
        try:
            client_id, count, head, content = json.loads(text)
            leaf = Leaf(UUID(client_id), count, bytes.fromhex(head), bytes.fromhex(content))
            same = type(count) is int and count > 0 and leaf.text() == text
        except (TypeError, AttributeError, RecursionError) as error:
            raise ValueError("not a leaf") from error
        if not same:
            raise ValueError("not a leaf")
        return leaf


@dataclass(frozen=True)
class Anchor:
    """The stamped text. `seq` counts all anchors without a gap; `extra` those of one day after the first.

    `previous_root` and `previous_sha256` are of the anchor before: who has one anchor from outside can prove all
    earlier ones by it.
    """

    seq: int
    day: date
    extra: int
    made_at: datetime
    leaves: int
    root: bytes
    previous_root: bytes | None
    previous_sha256: str | None

    @property
    def name(self) -> str:
        """`2026-12-01`, and `2026-12-01-2` for the second of a day."""
        return name_of(self.day, self.extra)

    def text(self) -> bytes:
        """Canonical JSON: these bytes are stamped, stored, mailed and exported."""
        return canonical(
            {
                "day": self.day.isoformat(),
                "extra": self.extra,
                "format": FORMAT,
                "hash": "sha256, RFC 9162 section 2.1",
                "leaves": self.leaves,
                "made_at": self.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
                "previous_root": self.previous_root.hex() if self.previous_root else None,
                "previous_sha256": self.previous_sha256,
                "root": self.root.hex(),
                "seq": self.seq,
            }
        )

    @staticmethod
    def parse(text: bytes) -> "Anchor":
        """Raises ValueError for anything but the text of an anchor, byte for byte."""
        try:
            values = json.loads(text)
            previous = values["previous_root"]
            anchor = Anchor(
                seq=values["seq"],
                day=date.fromisoformat(values["day"]),
                extra=values["extra"],
                made_at=datetime.fromisoformat(values["made_at"]),
                leaves=values["leaves"],
                root=bytes.fromhex(values["root"]),
                previous_root=bytes.fromhex(previous) if previous else None,
                previous_sha256=values["previous_sha256"],
            )
            same = anchor.text() == text
        except (TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
            raise ValueError("not an anchor") from error
        if not same:
            raise ValueError("not an anchor")
        return anchor


def name_of(day: date, extra: int) -> str:
    return day.isoformat() if extra == 0 else f"{day.isoformat()}-{extra + 1}"


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def due_days(newest: date | None, now: datetime, zone: ZoneInfo) -> Sequence[date]:
    """Days without an anchor up to today in the organisation's zone, oldest first; today's is due after midnight."""
    today = now.astimezone(zone).date()
    if newest is None:
        return [today]
    missed = min((today - newest).days, MOST_MISSED)
    return [today - timedelta(days=back) for back in reversed(range(missed))]


def judge(leaf: Leaf, there: bool, count: int, then: Leaf | None) -> Finding | None:
    """Compare an earlier leaf with the trail of today: whether the client is there, the number of his events, and the
    leaf that the first `leaf.count` of them give, None if there are fewer."""
    if not there:
        return Finding.GONE
    if count < leaf.count:
        return Finding.CUT_OFF
    return None if then == leaf else Finding.REWRITTEN


def sorted_by_client(leaves: Iterable[Leaf]) -> bool:
    """Whether every client has one leaf at most, in the order of ids."""
    before = None
    for leaf in leaves:
        if before is not None and before >= leaf.client_id:
            return False
        before = leaf.client_id
    return True
